// What the page asks and what the server answers: types only, the one file that both sides know.
import type {
  AnalysisBoard,
  AnalysisDefinition,
  AnalysisName,
  Chart,
  CohortDefinition,
  Column,
  EventCube,
  EventSelection,
  Explanation,
  LakeStatus,
  QuarantineReport,
  SavedAnalysis,
  SavedCohort,
  Schema,
  UserCount,
} from "../index.js";

/** What a page looks at. */
export type Selection = EventSelection;

/**
 * A value as JSON carries it: integers beyond 2^53 and decimals as text, times as ISO 8601 text in UTC with microseconds, binary as
 * base64, not-a-number as null.
 */
export type Cell = string | number | boolean | null | readonly Cell[] | { readonly [key: string]: Cell };

/** Rows by column, in the order of the columns. */
export interface Rows {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** Whether there were more rows than the limit. */
  readonly cut: boolean;
  /** What the question took, in milliseconds. */
  readonly milliseconds: number;
}

/** The lake as a whole. */
export interface LakeFacts {
  readonly name: string;
  readonly events: number;
  /** First and last `event_time`, ISO 8601; null in an empty lake. */
  readonly from: string | null;
  readonly to: string | null;
  /** Number of the newest commit: what was answered before it may be old. */
  readonly version: number;
  readonly timeZone: string;
  readonly weekStart: string;
  readonly promoted: readonly string[];
  /** Whether keys are known, so that a pull can be started. */
  readonly canPull: boolean;
  readonly ampframe: string;
}

/** A name that can be picked. */
export interface PickName {
  readonly name: string;
  readonly events: number;
  /** The type of a column or property. */
  readonly type?: string | undefined;
  /** The event type that has the property; absent for columns and user properties. */
  readonly event?: string | undefined;
}

/** What became of a user property: old and new JSON texts, null where there is none. */
export interface PropertyChange {
  readonly property: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** A user's session: its first and last event, ISO 8601, and how many there are. */
export interface UserSession {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly events: number;
}

/** A value and how many events have it. */
export interface CountedValue {
  readonly value: string;
  readonly events: number;
}

/** A timeline's event, its session and what changed at it. */
export interface TimelineEvent {
  readonly uuid: string;
  readonly time: string;
  readonly type: string;
  readonly session: string | null;
  readonly platform: string | null;
  readonly deviceId: string | null;
  readonly eventProperties: string | null;
  /** Seconds since the user's event before; null at the first. */
  readonly gap: number | null;
  /** User properties whose value is another than at the event before that has any. */
  readonly changed: readonly PropertyChange[];
}

/** A user that was found. */
export interface FoundUser {
  /** Amplitude's own number for the user. */
  readonly amplitudeId: string;
  readonly userId: string | null;
  readonly deviceId: string | null;
  readonly platform: string | null;
  readonly country: string | null;
  readonly events: number;
  readonly first: string | null;
  readonly last: string | null;
  /** The user property that a search found, if no id was. */
  readonly matched: { readonly property: string; readonly value: string } | null;
}

/** An analysis' answer: the value that draws it, its rows, what it means, and the same as code. */
export interface AnalysisAnswer extends Rows {
  readonly analysis: AnalysisName;
  readonly chart: Chart;
  readonly explanation: Explanation;
  /** Names that were asked for and do not occur, as sentences. */
  readonly warnings: readonly string[];
  readonly code: { readonly typescript: string; readonly cli: string; readonly sql: string };
}

/** `T` as JSON carries it. */
export type AsJson<T> = T extends Date
  ? string
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? readonly AsJson<Item>[]
      : { readonly [Key in keyof T]: AsJson<T[Key]> };

/** What `ampframe schema --json` prints. */
export type SchemaFacts = AsJson<ReturnType<Schema["toJSON"]>>;

/** Progress of a pull, or how it ended. */
export interface PullState {
  readonly state: "idle" | "running" | "done" | "failed" | "stopped";
  /** A sentence for people. */
  readonly text: string;
  /** Of one that failed, or had hours refused: what to do. */
  readonly wayOut?: string | undefined;
  readonly hours?: { readonly done: number; readonly of: number } | undefined;
  readonly events?: number | undefined;
  readonly bytes?: number | undefined;
}

/** All questions by name: `POST /api/NAME` with `in` as JSON gives `out`. */
export interface Api {
  readonly lake: { readonly in: Record<string, never>; readonly out: LakeFacts };
  /** Event types, columns, or properties of events (of one type or all), users or groups, most frequent first. */
  readonly names: {
    readonly in: {
      readonly kind: "events" | "columns" | "eventProperties" | "userProperties" | "groupProperties";
      readonly event?: string | undefined;
    };
    /** `sampled`: of properties, found in some of the newest events only, until the schema has been read once. */
    readonly out: { readonly names: readonly PickName[]; readonly sampled: boolean };
  };
  /** The most frequent values of a column or property within a selection. */
  readonly values: {
    readonly in: {
      readonly property: string;
      readonly selection?: Selection | undefined;
      readonly search?: string | undefined;
      readonly limit?: number | undefined;
    };
    readonly out: {
      readonly values: readonly { readonly value: Cell; readonly events: number }[];
      readonly cut: boolean;
    };
  };
  /** A person's SQL: reads only, no files, one statement. */
  readonly query: {
    readonly in: { readonly sql: string; readonly limit?: number | undefined };
    readonly out: Rows;
  };
  /** Events of a selection by time step and by the values of all dimensions at once: the page adds up what it shows. */
  readonly overview: {
    readonly in: {
      readonly selection: Selection;
      readonly dimensions: readonly string[];
      /** Seconds; steps begin at multiples of it since Monday 1970-01-05 00:00 UTC. */
      readonly step: number;
      /** Values by dimension that are told apart even if they are rare. */
      readonly keep?: Readonly<Record<string, readonly string[]>> | undefined;
    };
    readonly out: EventCube;
  };
  /** Users of a selection, exactly: all, by a property's values, or by time steps of so many seconds. */
  readonly "user-counts": {
    readonly in: {
      readonly selection: Selection;
      readonly property?: string | undefined;
      readonly step?: number | undefined;
    };
    readonly out: { readonly counts: readonly UserCount[] };
  };
  /** A slice of the stream of events. */
  readonly events: {
    readonly in: {
      readonly selection: Selection;
      /** Columns, and properties as in `frame({ properties })`. */
      readonly columns: readonly string[];
      readonly order?: { readonly column: string; readonly descending: boolean } | undefined;
      readonly offset: number;
      readonly limit: number;
    };
    /** `total` is null as long as it is not known: `times` tells it. Properties are JSON. */
    readonly out: Rows & { readonly total: number | null };
  };
  /** How many events a selection has, and in each of `steps` steps of equal length from its first to its last `event_time`. */
  readonly times: {
    readonly in: { readonly selection: Selection; readonly steps?: number | undefined };
    readonly out: {
      readonly total: number;
      /** Begin of the first step and end of the last, ISO 8601; null without events that have a time. */
      readonly from: string | null;
      readonly to: string | null;
      readonly counts: readonly number[];
      readonly withoutTime: number;
    };
  };
  /** One event with all its fields that are not empty; JSON is text. With its `event_time` it is found sooner. */
  readonly event: {
    readonly in: { readonly uuid: string; readonly time?: string | undefined };
    readonly out: { readonly event: { readonly [field: string]: Cell } };
  };
  /** Users of a selection whose ids or user properties have a text in them, or all; the last seen first unless asked otherwise. */
  readonly users: {
    readonly in: {
      readonly search?: string | undefined;
      readonly selection?: Selection | undefined;
      readonly order?: "last" | "first" | "events" | undefined;
      readonly limit?: number | undefined;
    };
    readonly out: { readonly users: readonly FoundUser[]; readonly cut: boolean };
  };
  /** Who a user is, by all events of the lake. `properties` and `groups` are JSON as of the newest event. */
  readonly user: {
    readonly in: { readonly amplitudeId: string };
    readonly out: {
      readonly amplitudeId: string;
      readonly events: number;
      readonly sessions: number;
      readonly first: string;
      readonly last: string;
      readonly properties: string | null;
      readonly groups: string | null;
      readonly userIds: readonly CountedValue[];
      readonly deviceIds: readonly CountedValue[];
      readonly types: readonly CountedValue[];
      readonly platforms: readonly CountedValue[];
      readonly countries: readonly CountedValue[];
      readonly versions: readonly CountedValue[];
      readonly languages: readonly CountedValue[];
      /** Days in UTC that have events, in order. */
      readonly days: readonly CountedValue[];
    };
  };
  /** A user's events, the newest first, of some event types or of all. */
  readonly timeline: {
    readonly in: {
      readonly amplitudeId: string;
      readonly events?: readonly string[] | undefined;
      readonly offset?: number | undefined;
      readonly limit?: number | undefined;
    };
    readonly out: {
      readonly events: readonly TimelineEvent[];
      /** The sessions of these events. */
      readonly sessions: readonly UserSession[];
      readonly cut: boolean;
    };
  };
  /** What changed of a user's properties, the newest first, and at which event. */
  readonly "user-changes": {
    readonly in: { readonly amplitudeId: string };
    readonly out: {
      readonly changes: readonly (PropertyChange & {
        readonly uuid: string;
        readonly time: string;
        readonly type: string;
      })[];
      readonly cut: boolean;
    };
  };
  readonly analysis: {
    readonly in: { readonly definition: AnalysisDefinition; readonly selection?: Selection | undefined };
    readonly out: AnalysisAnswer;
  };
  readonly analyses: {
    readonly in: Record<string, never>;
    readonly out: { readonly analyses: readonly SavedAnalysis[]; readonly boards: readonly AnalysisBoard[] };
  };
  readonly "save-analysis": { readonly in: SavedAnalysis; readonly out: Record<string, never> };
  readonly "delete-analysis": { readonly in: { readonly name: string }; readonly out: Record<string, never> };
  readonly "save-board": { readonly in: AnalysisBoard; readonly out: Record<string, never> };
  readonly "delete-board": { readonly in: { readonly name: string }; readonly out: Record<string, never> };
  readonly cohorts: {
    readonly in: Record<string, never>;
    readonly out: { readonly cohorts: readonly SavedCohort[] };
  };
  readonly "save-cohort": {
    readonly in: { readonly name: string; readonly definition: CohortDefinition };
    readonly out: { readonly users: number };
  };
  readonly "delete-cohort": { readonly in: { readonly name: string }; readonly out: Record<string, never> };
  /**
   * The tracking plan, of all events or of one event type. The first time reads all events, which goes on between questions:
   * while `schema` is null, ask again; `progress` tells how many events were read.
   */
  readonly schema: {
    readonly in: { readonly event?: string | undefined };
    readonly out: {
      readonly schema: SchemaFacts | null;
      readonly progress: { readonly events: number; readonly of: number } | null;
    };
  };
  /** What `ampframe status --json` prints. */
  readonly status: { readonly in: Record<string, never>; readonly out: AsJson<LakeStatus> };
  /** What `ampframe quarantine --json` prints. */
  readonly quarantine: { readonly in: Record<string, never>; readonly out: AsJson<QuarantineReport> };
  readonly pull: { readonly in: Record<string, never>; readonly out: PullState };
  readonly "pull-state": { readonly in: Record<string, never>; readonly out: PullState };
  readonly "stop-pull": { readonly in: Record<string, never>; readonly out: PullState };
  /** Writes the selection to a temporary file; fetch it once with `GET /api/download/ID`. */
  readonly export: {
    readonly in: {
      readonly selection: Selection;
      readonly columns: readonly string[];
      readonly format: "csv" | "parquet" | "ndjson" | "arrow";
      /** For csv: no text runs as a formula in a spreadsheet. Default false. */
      readonly escapeFormulas?: boolean | undefined;
    };
    readonly out: {
      readonly id: string;
      readonly file: string;
      readonly events: number;
      readonly bytes: number;
    };
  };
}

/** What an answer with a status of 400 and above says. */
export interface ApiFault {
  readonly error: string;
  readonly wayOut: string;
}
