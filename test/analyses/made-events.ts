import type { PlainEvent, Setting } from "./reference/plain-event.js";

/** Microseconds since 1970 of an ISO time in UTC: `2026-01-05T10:00:00.000001Z` or without `Z`. */
export function at(iso: string): bigint {
  const [whole = "", fraction = ""] = iso.replace(/Z$/, "").split(".");
  return (
    BigInt(Date.parse(whole.length === 10 ? whole : `${whole}Z`)) * 1000n + BigInt(fraction.padEnd(6, "0"))
  );
}

/** A day or range of days, all of it known. */
export function days(from: string, until: string, dataUntil: string = until): Setting {
  return { from: at(from), until: at(until), dataFrom: at(from), dataUntil: at(dataUntil) };
}

/** An event at a time with what differs from an event of user 1 without properties. Property objects are written as JSON. */
export function made(
  event_type: string,
  time: string,
  more: Partial<Omit<PlainEvent, "event_properties" | "user_properties" | "amplitude_id">> & {
    readonly amplitude_id?: number;
    readonly event_properties?: object;
    readonly user_properties?: object;
  } = {},
): PlainEvent {
  const event_time = at(time);
  const { amplitude_id = 1, event_properties = {}, user_properties = {}, ...other } = more;
  return {
    ...{
      uuid: `${time} ${event_type} ${amplitude_id}`,
      event_type,
      event_time,
      client_event_time: event_time,
    },
    ...{ server_upload_time: event_time, amplitude_id: BigInt(amplitude_id), user_id: null, device_id: null },
    ...{ session_id: null, platform: null, country: null, ...other },
    ...{
      event_properties: JSON.stringify(event_properties),
      user_properties: JSON.stringify(user_properties),
    },
  };
}
