import { UsageError } from "../errors/index.js";
import { type Credentials, ProjectKeys } from "../export-api/credentials.js";
import { chooseEndpoint, type Endpoint, type Region } from "../export-api/endpoint.js";
import { sourceId } from "../export-api/request.js";
import { planWindows } from "../export-api/window.js";
import { type Hour, type HourRange, hourAt, hoursIn, settledAt } from "../hour.js";
import type { Source } from "../lake/account.js";
import {
  type HourState,
  hourStates,
  type Judgement,
  type KnownSource,
  missingHours,
} from "../lake/hour-states.js";
import type { LakeTable } from "../lake/table.js";
import { checkRange } from "./check-range.js";
import { pullRange } from "./pull-range.js";
import { checkSettleHours } from "./settle-hours.js";

/** What to bring, from where, and where to. */
export interface PullOptions {
  /** Folder of the lake; made if there is none. */
  readonly lake: string;
  readonly credentials: Credentials;
  /** Where Amplitude keeps the project. Default `us`. */
  readonly region?: Region | undefined;
  /** Another base address than Amplitude's own: a proxy, or the emulator. */
  readonly endpoint?: string | undefined;
  /** Allows plain http to other machines. Default false. */
  readonly insecureHttp?: boolean | undefined;
  /** Name of the project; needed the first time that a second project comes into the lake. */
  readonly project?: string | undefined;
  /** The latest settled hours: `7d`, `36h`, `2w`. */
  readonly last?: string | undefined;
  /** First and last upload hour, each a DATE or HOUR, inclusive, UTC. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /**
   * Instead of the missing hours of a range: asks anew for every final hour of this one, each end a DATE or HOUR,
   * inclusive, UTC, and replaces what is held by what comes.
   */
  readonly refresh?: { readonly from: string; readonly to: string } | undefined;
  /** Also brings the hours that have passed but may still grow, each time, until they are final. Default false. */
  readonly fresh?: boolean | undefined;
  /** Hours after its beginning at which an upload hour is final. Default 3. */
  readonly settleHours?: number | undefined;
}

/** What a pull would do: a value that can be looked at before anything is asked. */
export interface PullPlan {
  readonly source: Source;
  /** The upload hours in question, both ends included; null if no hour of the range has passed. */
  readonly range: HourRange | null;
  /** One request each, in order; no hour is asked twice. */
  readonly windows: readonly HourRange[];
  /** Hours that these windows ask for. */
  readonly hours: number;
  /** Hours of the range that are too young to be final; with `fresh`, some of them are asked for. */
  readonly settling: readonly Hour[];
  /** Hours of the range that are held, or known to be empty. */
  readonly held: number;
}

/** Where `options` lead: the endpoint, the keys, checked, and the source that they stand for. */
export function sourceOf(options: PullOptions): { endpoint: Endpoint; keys: ProjectKeys; id: string } {
  const endpoint = chooseEndpoint(options);
  const keys = new ProjectKeys(options.credentials);
  return { endpoint, keys, id: sourceId(endpoint.region, keys) };
}

/** The plan of a pull into `table`, or into a lake that is yet to be made. */
export async function makePlan(
  table: LakeTable | undefined,
  options: PullOptions,
  now: number,
): Promise<PullPlan> {
  const { id } = sourceOf(options);
  checkSettleHours(options.settleHours);
  const sources = (await table?.sources()) ?? [];
  const known = sources.find((source) => source.id === id);
  const source = { id, project: projectName(sources, known, options.project) };
  const { settleHours } = options;
  const asked = pullRange(options, known?.first ?? null, now);
  if (!asked) return { source, range: null, windows: [], hours: 0, settling: [], held: 0 };
  checkRange(asked);
  const judgement = { now, ...(settleHours === undefined ? {} : { settleHours }) };
  const states = hourStates((await table?.summaries()) ?? [], id, asked, judgement);
  const wanted = wantedHours(states, judgement, options);
  const settling = hoursIn(asked).filter((hour) => now < settledAt(hour, settleHours));
  const held = states.size - new Set([...wanted, ...settling]).size;
  return { source, range: asked, windows: planWindows(wanted), hours: wanted.length, settling, held };
}

/**
 * The hours to ask for, in order: the missing ones, and those of which only rows in answers for other hours have
 * come; with `fresh` those that are settling but have passed; with `refresh` all that are final.
 */
export function wantedHours(
  states: ReadonlyMap<Hour, HourState>,
  judgement: Judgement,
  { fresh = false, refresh }: Pick<PullOptions, "fresh" | "refresh">,
): Hour[] {
  const { now, settleHours } = judgement;
  const missing = new Set(missingHours(states, judgement));
  const current = hourAt(now);
  const isWanted = ([hour, { state }]: [Hour, HourState]) => {
    if (now < settledAt(hour, settleHours)) return fresh && hour < current;
    return refresh !== undefined || missing.has(hour) || state === "loaded";
  };
  return [...states].filter(isWanted).map(([hour]) => hour);
}

/** Another project's keys are never mixed in silently. */
function projectName(
  sources: readonly KnownSource[],
  known: KnownSource | undefined,
  given: string | undefined,
): string {
  const others = sources
    .filter((source) => source.id !== "files" && source !== known)
    .map(({ project }) => project);
  if (given !== undefined && !others.includes(given)) return given;
  if (known && given === undefined) return known.project;
  if (others.length === 0) return "amplitude";
  throw new UsageError(
    known
      ? `These keys are of the project ${known.project}; the lake holds another named ${given}.`
      : `These keys are of a project that this lake does not know; it holds ${others.join(", ")}.`,
    given === undefined
      ? "Name the new project with --project NAME to keep both, or name another lake with --lake DIR."
      : `Give it another name than "${given}", which is taken.`,
  );
}
