import type { PlainEvent, Setting } from "./plain-event.js";

let number = 0;

/** What a test writes of an event beside its user, time and type; times as in `2026-11-02T09:00:00`, UTC. */
export interface Written {
  readonly uuid?: string;
  readonly client?: string | null;
  /** A session id, or the time that it is. */
  readonly session?: bigint | string | null;
  readonly country?: string | null;
  readonly properties?: object;
  readonly user?: object;
}

/** An event; of two at one time the one written first is the first. */
export function did(user: number, time: string, type = "Open", written: Written = {}): PlainEvent {
  const at = microseconds(time);
  const { client = time, session = null, country = null, properties = {}, user: of = {} } = written;
  return {
    uuid: written.uuid ?? `uuid-${String(number++).padStart(6, "0")}`,
    event_type: type,
    event_time: at,
    client_event_time: client === null ? null : microseconds(client),
    server_upload_time: at,
    amplitude_id: BigInt(user),
    user_id: null,
    device_id: null,
    session_id: typeof session === "string" ? microseconds(session) / 1000n : session,
    platform: null,
    country,
    event_properties: JSON.stringify(properties),
    user_properties: JSON.stringify(of),
  };
}

/** A range of whole days of UTC, or times; the data is 2026 unless `data` says else. `until` is not included. */
export function range(from: string, until: string, data: readonly [string, string] = YEAR): Setting {
  return {
    from: microseconds(from),
    until: microseconds(until),
    dataFrom: microseconds(data[0]),
    dataUntil: microseconds(data[1]),
  };
}

const YEAR = ["2026-01-01", "2027-01-01"] as const;

function microseconds(time: string): bigint {
  const [, second = time, fraction = ""] = /^(.*?)(?:\.(\d+))?$/.exec(time) ?? [];
  const ms = Date.parse(second.includes("T") ? `${second}Z` : second);
  return BigInt(ms) * 1000n + BigInt(fraction.padEnd(6, "0"));
}
