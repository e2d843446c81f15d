import { addHours, type Hour, hourStart } from "../../hour.js";
import { type Delivery, deliver, uuidOfDelivery } from "./delivery.js";
import { funnelDepth, identityOf, merge, type PersonEvents, revenueOf } from "./person-truth.js";
import { amplitudeId } from "./persona.js";
import { createPopulation } from "./population.js";
import { type Cohort, createRetention } from "./retention-truth.js";
import { dayOf, lastPlannedHour, type Shop } from "./shop.js";
import { visitsOf } from "./timeline.js";
import { EVENT_TYPES, type EventKind } from "./visit.js";

/** An anonymous Amplitude id and the one it was merged into, in Amplitude's own words and direction. */
export interface Merge {
  /** The id that was merged away; raw rows keep it. */
  readonly amplitude_id: number;
  /** The id that the person was first given. */
  readonly merged_amplitude_id: number;
}

/** Who went through the shop's funnel, by `event_time`, in order, with other events between allowed. */
export interface FunnelTruth {
  readonly steps: readonly [string, string, string];
  /** From the first step to the last, in milliseconds, included. */
  readonly windowMs: number;
  /** People who came as far as each step. */
  readonly users: readonly [number, number, number];
  /** Amplitude ids, after merging, of those who did all steps. */
  readonly converted: readonly number[];
}

/** What the lines of an export say when read without a fault. People are counted after merging. */
export interface Truth {
  /** The first and the last upload hour that is counted. */
  readonly from: Hour;
  readonly to: Hour;
  readonly lines: number;
  /** Distinct by `uuid`. */
  readonly events: number;
  /** The `uuid` of each event that is in the lines twice. */
  readonly sentTwice: readonly string[];
  readonly users: number;
  /** Amplitude ids in the raw lines, before merging. */
  readonly amplitudeIds: number;
  readonly merges: readonly Merge[];
  /** Distinct events of each type, and the people who did it. */
  readonly eventTypes: Readonly<Record<string, { readonly events: number; readonly users: number }>>;
  /** Sum of `$revenue`, refunds taken off, in cents. */
  readonly revenueCents: number;
  readonly funnel: FunnelTruth;
  /** Of people whose first event fell on a UTC day, how many had any event on the n-th calendar day after. */
  readonly calendarRetention: readonly Cohort[];
  /** The same by 24-hour windows, counted from each person's first event floored to its hour. */
  readonly rollingRetention: readonly Cohort[];
}

/** Up to where, and by which window, the truth is told. */
export interface TruthOptions {
  /** The last upload hour that counts. Default: the shop's last hour. */
  readonly to?: Hour;
  /** Default one day, 86,400,000. */
  readonly funnelWindowMs?: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const STEPS = ["productViewed", "productAdded", "orderCompleted"] as const satisfies readonly EventKind[];

/**
 * Tells the truth of `shop` from the plan by which its lines are made, without making a line. Takes time in
 * proportion to the events, about two microseconds each.
 */
export function tellTruth(shop: Shop, options: TruthOptions = {}): Truth {
  const to = options.to ?? lastPlannedHour(shop);
  const until = hourStart(addHours(to, 1));
  const windowMs = options.funnelWindowMs ?? DAY_MS;
  const people = createPopulation(shop);
  const lastDay = dayOf(shop, to) + 1;
  const count = createCount(windowMs);
  for (let user = 0; user < people.size(lastDay); user++) {
    const lines: Delivery[] = [];
    for (const visit of visitsOf(shop, people, user, lastDay)) {
      for (const line of deliver(shop, visit)) if (line.serverUploadTime < until) lines.push(line);
    }
    if (lines.length > 0) count.add(shop, user, lines);
  }
  return { from: shop.from, to, ...count.result() };
}

function createCount(windowMs: number) {
  const types = new Map<string, { events: number; users: number }>();
  const sentTwice: string[] = [];
  const merges: Merge[] = [];
  const converted: number[] = [];
  const reached: [number, number, number] = [0, 0, 0];
  const retention = createRetention(DAY_MS, HOUR_MS);
  const sum = { lines: 0, events: 0, users: 0, amplitudeIds: 0, revenueCents: 0 };

  function addPerson(id: number, person: PersonEvents): void {
    sum.users++;
    sum.revenueCents += revenueOf(person);
    retention.add(person.map((event) => event.eventTime));
    const kinds = new Map<EventKind, number>();
    for (const { act } of person) kinds.set(act.kind, (kinds.get(act.kind) ?? 0) + 1);
    for (const [kind, events] of kinds) {
      const type = types.get(EVENT_TYPES[kind]) ?? { events: 0, users: 0 };
      types.set(EVENT_TYPES[kind], { events: type.events + events, users: type.users + 1 });
    }
    const depth = funnelDepth(person, STEPS, windowMs);
    for (let step = 0; step < depth; step++) reached[step as 0 | 1 | 2]++;
    if (depth === STEPS.length) converted.push(id);
  }

  return {
    /** Adds all lines of one human. */
    add(shop: Shop, user: number, lines: readonly Delivery[]): void {
      const events = lines.filter((line) => line.copy === "none");
      for (const line of lines) if (line.copy !== "none") sentTwice.push(uuidOfDelivery(shop, line));
      sum.lines += lines.length;
      sum.events += events.length;
      sum.amplitudeIds += new Set(events.map(identityOf)).size;
      const merged = merge(events);
      for (const device of merged.devices) {
        const canonical = amplitudeId(shop, user, 0);
        merges.push({ amplitude_id: amplitudeId(shop, user, device), merged_amplitude_id: canonical });
      }
      for (const { device, events: own } of merged.people) addPerson(amplitudeId(shop, user, device), own);
    },
    result(): Omit<Truth, "from" | "to"> {
      const [first, second, third] = STEPS;
      return {
        ...sum,
        sentTwice,
        merges,
        eventTypes: Object.fromEntries([...types].sort()),
        funnel: {
          steps: [EVENT_TYPES[first], EVENT_TYPES[second], EVENT_TYPES[third]],
          windowMs,
          users: reached,
          converted,
        },
        calendarRetention: retention.calendar(),
        rollingRetention: retention.rolling(),
      };
    },
  };
}
