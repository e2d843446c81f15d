import { dateOf, type Hour } from "../../hour.js";
import type { Delivery } from "./delivery.js";
import { LineWriter } from "./event-line.js";
import type { HourPlanner } from "./hour-plan.js";
import { hash } from "./random.js";
import type { Shop } from "./shop.js";

/** The lines of one member of an archive, before they are compressed. */
export interface MemberLines {
  /** `312746_2026-11-23_5#0.json.gz` */
  readonly name: string;
  readonly lines: number;
  /** NDJSON in UTF-8; the last line of some members has no newline, as in real exports. */
  readonly ndjson: Buffer;
}

const NEWLINE = 0x0a;
const PIECE_BYTES = 1 << 20;

/** The name Amplitude gives to a member: the hour is not padded. */
export function memberName(projectId: number, hour: Hour, part: number): string {
  return `${projectId}_${dateOf(hour)}_${Number(hour.slice(11))}#${part}.json.gz`;
}

/** The members of `hour`, one at a time, in their order. There are at least two, but for an hour of
 * hardly any lines. */
export function* membersOf(planner: HourPlanner, hour: Hour): Generator<MemberLines> {
  const { shop } = planner;
  const writer = new LineWriter(shop);
  for (const [part, lines] of partition(shop, planner.deliveriesOf(hour)).entries()) {
    const pieces = [...ndjson(writer, lines)];
    let bytes = Buffer.concat(pieces);
    if (hash(shop.seed, 0xe0f, lines.length, part) % 3 === 0) bytes = bytes.subarray(0, -1);
    yield { name: memberName(shop.projectId, hour, part), lines: lines.length, ndjson: bytes };
  }
}

/**
 * The lines of `hour` as NDJSON in pieces of about a megabyte, each of whole lines that end in a newline:
 * for who needs events, but no archives. Lines come in the order of their members.
 */
export async function* ndjsonOf(planner: HourPlanner, hour: Hour): AsyncGenerator<Buffer> {
  const writer = new LineWriter(planner.shop);
  for (const lines of partition(planner.shop, planner.deliveriesOf(hour))) yield* ndjson(writer, lines);
}

/** Spreads lines over members by person; the second copy of a line goes to another member than the first. */
function partition(shop: Shop, deliveries: readonly Delivery[]): Delivery[][] {
  const count = Math.min(deliveries.length, Math.max(2, Math.ceil(deliveries.length / shop.eventsPerMember)));
  const parts: Delivery[][] = Array.from({ length: count }, () => []);
  for (const delivery of deliveries) {
    const own = hash(shop.seed, 0x9a27, delivery.visit.user) % count;
    parts[delivery.copy === "none" ? own : (own + 1) % count]!.push(delivery);
  }
  return parts.filter((part) => part.length > 0);
}

function* ndjson(writer: LineWriter, deliveries: readonly Delivery[]): Generator<Buffer> {
  let buffer = Buffer.allocUnsafe(PIECE_BYTES);
  let used = 0;
  for (const delivery of deliveries) {
    const line = writer.write(delivery);
    const most = line.length * 3 + 1;
    if (used > 0 && used + most > buffer.length) {
      yield buffer.subarray(0, used);
      buffer = Buffer.allocUnsafe(Math.max(PIECE_BYTES, most));
      used = 0;
    } else if (most > buffer.length) {
      buffer = Buffer.allocUnsafe(most);
    }
    used += buffer.write(line, used);
    buffer[used++] = NEWLINE;
  }
  if (used > 0) yield buffer.subarray(0, used);
}
