import { type Delivery, uuidOfDelivery } from "./delivery.js";
import { eventProperties } from "./event-properties.js";
import { clientFrame, type Frame, serverFrame } from "./line-frame.js";
import { amplitudeId, platformOf } from "./persona.js";
import { hash, hex8, uuidOf } from "./random.js";
import type { Shop } from "./shop.js";
import { timeText } from "./time-text.js";
import type { Visit } from "./timeline.js";
import { userProperties } from "./user-properties.js";
import { EVENT_TYPES, isServerSide } from "./visit.js";

const PLATFORMS = ["Web", "iOS", "Android"] as const;
const PLANS = ["{}", "{}", "{}", "{}", "null", '{"branch":"main","source":"web","version":"7"}'] as const;

/** Writes lines of an export: one event each, without the newline, its 55 keys in alphabetical order. */
export class LineWriter {
  readonly #shop: Shop;
  readonly #frames = new WeakMap<Visit, Frame>();
  readonly #serverFrames = new WeakMap<Visit, Frame>();

  constructor(shop: Shop) {
    this.#shop = shop;
  }

  /** The line of `delivery`. */
  write(delivery: Delivery): string {
    const { visit, act } = delivery;
    const frame = this.#frameOf(visit, isServerSide(act.kind));
    const word = hash(this.#shop.seed ^ 0x11ce, visit.user, visit.day * 8 + visit.no, delivery.no);
    const person = act.known || visit.device === 0 ? 0 : visit.device;
    if (!frame.userOf || frame.userOf.known !== act.known || frame.userOf.orders !== act.orders) {
      frame.userText = userProperties(this.#shop, visit.user, frame.place, act);
      frame.userOf = act;
    }
    const micros = word % 10 === 0 ? (word >>> 10) % 1000 : 0;
    const processed = delivery.serverUploadTime + 250 + ((word >>> 4) % 3_500);
    return (
      `{"$insert_id":${insertId(delivery, word)},"$insert_key":${insertKey(word)},"$schema":${schema(word)}` +
      `,"adid":null,"amplitude_attribution_ids":${attribution(visit, word)},"amplitude_event_type":null,"amplitude_id":` +
      `${amplitudeId(this.#shop, visit.user, person)}${frame.app},"client_event_time":"${timeText(delivery.clientEventTime)}"` +
      `,"client_upload_time":"${timeText(delivery.clientUploadTime)}"${frame.country},"data":${dataOf(delivery, frame, word)}` +
      `${frame.device},"event_id":${delivery.eventId},"event_properties":${eventProperties(act, word, frame.setting)}` +
      `,"event_time":"${timeText(delivery.eventTime)}","event_type":"${EVENT_TYPES[act.kind]}"${frame.groups}` +
      `,"is_attribution_event":${word % 3 === 0 ? "false" : "null"}${frame.library}` +
      `,"paying":${act.known && act.orders > 0 ? "true" : "null"},"plan":${PLANS[word % PLANS.length]}` +
      `,"platform":${frame.path ? "null" : `"${PLATFORMS[platformOf(this.#shop, visit.user, visit.device)]}"`}` +
      `,"processed_time":"${timeText(processed, micros)}"${frame.region}` +
      `,"server_received_time":"${timeText(delivery.serverReceivedTime)}"` +
      `,"server_upload_time":"${timeText(delivery.serverUploadTime)}"${frame.session}` +
      `,"user_id":${act.known ? frame.userId : "null"},"user_properties":${frame.userText}` +
      `,"uuid":"${uuidOfDelivery(this.#shop, delivery)}"${frame.version}`
    );
  }

  #frameOf(visit: Visit, server: boolean): Frame {
    const frames = server ? this.#serverFrames : this.#frames;
    let frame = frames.get(visit);
    if (!frame) {
      frame = server ? serverFrame(this.#shop, visit) : clientFrame(this.#shop, visit);
      frames.set(visit, frame);
    }
    return frame;
  }
}

function insertId({ visit, act, no }: Delivery, word: number): string {
  if (isServerSide(act.kind)) return `"${EVENT_TYPES[act.kind]}:${word}"`;
  const id = uuidOf(word, hash(word, 1, no), hash(word, 2, visit.user), hash(word, 3, visit.day));
  return visit.user % 4 === 0 ? `"${id.toUpperCase()}"` : `"${id}"`;
}

function insertKey(word: number): string {
  return word % 23 === 0 ? `"0193${hex8(word)}${hex8(hash(word, 9))}ca199#${word % 999}"` : "null";
}

function schema(word: number): string {
  return word % 25 === 0 ? "13" : word % 25 === 1 ? "12" : "null";
}

function attribution(visit: Visit, word: number): string {
  return visit.device > 0 && word % 4 === 0
    ? `["${hex8(visit.user)}${hex8(visit.device)}c43c0240c033"]`
    : "null";
}

function dataOf({ visit, no, act }: Delivery, frame: Frame, word: number): string {
  const groups = `"group_first_event":{},"group_ids":${frame.path ? "{}" : frame.company.groupIds}`;
  if (visit.first && no === 0) return `{"first_event":true,${groups}}`;
  if (word % 40 === 0) return "{}";
  const updated = act.kind === "sessionStart" ? ',"user_properties_updated":true' : "";
  const source = word % 50 === 1 ? ',"vacuum_source_id":"5955"' : "";
  return `{${groups},"path":"${frame.path || "/2/httpapi"}"${updated}${source}}`;
}
