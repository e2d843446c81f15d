import { clockSkew, platformOf } from "./persona.js";
import { fraction, hash, Rng, uuidOf } from "./random.js";
import type { Shop } from "./shop.js";
import type { Visit } from "./timeline.js";
import { type Act, isServerSide } from "./visit.js";

/** One event as Amplitude took it in: a line of an export. Times are milliseconds since 1970, UTC. */
export interface Delivery {
  readonly visit: Visit;
  readonly act: Act;
  /** Number of the act in its visit, by which its `uuid` is made. */
  readonly no: number;
  readonly eventId: number;
  readonly clientEventTime: number;
  readonly clientUploadTime: number;
  readonly serverReceivedTime: number;
  readonly serverUploadTime: number;
  /** The client's time, corrected where its clock is off by a minute or more. */
  readonly eventTime: number;
  /**
   * `again`: a second copy of a line, byte for byte; `resent`: taken in once more, later, with the same
   * uuid.
   */
  readonly copy: "none" | "again" | "resent";
}

/** No event is taken in later than this many local days after its visit began. */
export const LONGEST_LAG_DAYS = 11;

const DELIVERY = 0x6d0f;
const TWICE = 0x1e27;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Source: Amplitude, "User data lookup": smaller differences between the clocks are left alone. */
const CLOCK_TOLERANCE_MS = 60_000;

/**
 * When and how often each event of `visit` reaches Amplitude. Pure: all that varies is a hash of the visit.
 */
export function deliver(shop: Shop, visit: Visit): Delivery[] {
  const { user, day, no: visitNo, device, start } = visit;
  const rng = new Rng(hash(shop.seed ^ DELIVERY, user, day, visitNo));
  const web = platformOf(shop, user, device) === 0;
  const skew = clockSkew(shop, user, device);
  const flush = web ? 1_000 + rng.below(4_000) : 30_000;
  const lateness = web ? 0 : offlineFor(rng);
  const deliveries: Delivery[] = [];
  let eventId = visit.sentBefore;
  let batchEnd = Number.NEGATIVE_INFINITY;
  let received = 0;
  let uploaded = 0;

  for (const [no, act] of visit.acts.entries()) {
    const at = start + act.at;
    let line: Delivery;
    if (isServerSide(act.kind)) {
      const serverReceived = at + 40 + rng.below(900);
      line = {
        visit,
        act,
        no,
        eventId: hash(shop.seed ^ DELIVERY, user, at) >>> 2,
        clientEventTime: at,
        clientUploadTime: serverReceived,
        serverReceivedTime: serverReceived,
        serverUploadTime: serverReceived + 3 + rng.below(7),
        eventTime: at,
        copy: "none",
      };
    } else {
      if (at > batchEnd) {
        batchEnd = lateness > 0 ? start + lateness : at + flush;
        if (lateness > 0 && at > batchEnd) batchEnd = at + flush;
        received = batchEnd + 30 + rng.below(350);
        uploaded = received + 3 + rng.below(7);
      }
      const clientUploadTime = batchEnd + skew;
      const off = received - clientUploadTime;
      const clientEventTime = at + skew;
      line = {
        visit,
        act,
        no,
        eventId: ++eventId,
        clientEventTime,
        clientUploadTime,
        serverReceivedTime: received,
        serverUploadTime: uploaded,
        eventTime: Math.abs(off) < CLOCK_TOLERANCE_MS ? clientEventTime : clientEventTime + off,
        copy: "none",
      };
    }
    deliveries.push(line);
    const twice = fraction(shop.seed ^ TWICE, user, day * 8 + visitNo, no);
    if (twice < shop.duplicateRate) deliveries.push(secondCopy(line, hash(user, day, no)));
  }
  return deliveries;
}

/** How long a phone was without network: mostly not at all; else hours, or up to nine days. */
function offlineFor(rng: Rng): number {
  const draw = rng.next();
  const size = rng.next();
  if (draw < 0.955) return 0;
  if (draw < 0.98) return HOUR_MS + Math.round(size * 11 * HOUR_MS);
  if (draw < 0.995) return DAY_MS + Math.round(size * 3 * DAY_MS);
  return 4 * DAY_MS + Math.round(size * 5 * DAY_MS);
}

function secondCopy(line: Delivery, draw: number): Delivery {
  if (draw % 10 < 6) return { ...line, copy: "again" };
  const later = 60_000 + (draw % (2 * HOUR_MS));
  return {
    ...line,
    serverReceivedTime: line.serverReceivedTime + later,
    serverUploadTime: line.serverUploadTime + later,
    copy: "resent",
  };
}

/** The `uuid` of a line: of version 4 in form, and different for every event of a shop. */
export function uuidOfDelivery(shop: Shop, { visit, no }: Delivery): string {
  const place = ((visit.day + 1) << 16) | (visit.no << 13) | no;
  const b = scatter(place ^ (shop.seed & 0x0fffffff));
  const a = hashOneToOne(visit.user ^ shop.seed);
  return uuidOf(a, ((b >>> 12) << 16) | (b & 0x0fff), hash(a, b, 1), hash(a, b, 2));
}

/** A bijection of 28-bit integers. */
function scatter(value: number): number {
  const x = (Math.imul(value, 0x2545f491) & 0x0fffffff) >>> 0;
  return x ^ (x >>> 14);
}

/** A bijection of 32-bit integers. */
function hashOneToOne(value: number): number {
  const x = Math.imul(value, 0x9e3779b1) >>> 0;
  return (x ^ (x >>> 15)) >>> 0;
}
