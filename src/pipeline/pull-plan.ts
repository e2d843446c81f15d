import { UsageError } from "../errors/index.js";
import { type Credentials, ProjectKeys } from "../export-api/credentials.js";
import { chooseEndpoint, type Endpoint, type Region } from "../export-api/endpoint.js";
import { sourceId } from "../export-api/request.js";
import { planWindows } from "../export-api/window.js";
import {
  addHours,
  type Hour,
  type HourRange,
  hourAt,
  hoursIn,
  lastSettledHour,
  parseHourRange,
  settledAt,
} from "../hour.js";
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
  /** Hours of the range that are too young to be final. */
  readonly settling: readonly Hour[];
  /** Hours of the range that are held, or known to be empty. */
  readonly held: number;
}

const DEFAULT_HOURS = 7 * 24;
const DURATION = /^(\d{1,6})\s*(h|d|w)$/;
const HOURS_OF = { h: 1, d: 24, w: 168 } as const;

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
  const asked = rangeOf(options, known?.held ?? null, now);
  if (!asked) return { source, range: null, windows: [], hours: 0, settling: [], held: 0 };
  checkRange(asked);
  const judgement = { now, ...(settleHours === undefined ? {} : { settleHours }) };
  const states = hourStates((await table?.summaries()) ?? [], id, asked, judgement);
  const due = dueHours(states, judgement);
  const settling = hoursIn(asked).filter((hour) => now < settledAt(hour, settleHours));
  const held = states.size - due.length - settling.length;
  return { source, range: asked, windows: planWindows(due), hours: due.length, settling, held };
}

/** The missing hours, and those of which only rows in answers for other hours have come: `loaded`, by no hand. */
export function dueHours(states: ReadonlyMap<Hour, HourState>, judgement: Judgement): Hour[] {
  const due = new Set(missingHours(states, judgement));
  const settled = (hour: Hour) => judgement.now >= settledAt(hour, judgement.settleHours);
  return [...states]
    .filter(([hour, { state }]) => due.has(hour) || (state === "loaded" && settled(hour)))
    .map(([hour]) => hour);
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

function rangeOf(options: PullOptions, held: HourRange | null, now: number): HourRange | null {
  const { last, from, to, settleHours } = options;
  const end = lastSettledHour(now, settleHours);
  if (last !== undefined) {
    if (from !== undefined || to !== undefined) {
      throw new UsageError("--last and --from or --to were given together.", "Give either.");
    }
    return { from: addHours(end, 1 - durationHours(last)), to: end };
  }
  if (from === undefined && to === undefined) {
    const first = held?.from ?? addHours(end, 1 - DEFAULT_HOURS);
    return first <= end ? { from: first, to: end } : null;
  }
  const first = from ?? held?.from;
  if (first === undefined) {
    throw new UsageError(
      "--to was given without --from, and the lake holds no hour yet.",
      "Give --from as well.",
    );
  }
  const range = parseHourRange(first, to ?? (end < first ? first : end));
  if (!range) {
    throw new UsageError(
      `From ${first} to ${to ?? end} is no range of upload hours.`,
      "Give each end as 2026-11-23 or 2026-11-23T05 (UTC), the first not after the last.",
    );
  }
  const current = hourAt(now);
  if (range.from > current) {
    throw new UsageError(`${range.from} lies in the future; it is ${current} in UTC.`, "Give a past range.");
  }
  return { from: range.from, to: range.to < current ? range.to : current };
}

function durationHours(text: string): number {
  const parts = DURATION.exec(text.trim());
  const hours = parts ? Number(parts[1]) * HOURS_OF[parts[2] as keyof typeof HOURS_OF] : 0;
  if (hours > 0) return hours;
  throw new UsageError(`"${text}" is no duration.`, "Write hours, days or weeks: 36h, 7d, 2w.");
}
