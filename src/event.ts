/**
 * How a field of an exported event is kept:
 * `text` as VARCHAR, `int` as BIGINT, `double` as DOUBLE, `boolean` as BOOLEAN,
 * `time` as a timestamp in microseconds UTC, `json` as the JSON text that came.
 */
export type FieldKind = "text" | "int" | "double" | "boolean" | "time" | "json";

/** One field of an exported event. */
export interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  readonly meaning: string;
}

/**
 * The 55 fields of an exported event, in the order in which exports since 2022 write them.
 * Source: the Export API's documentation and real exports; nine of them are no longer documented.
 */
export const FIELDS = [
  { name: "$insert_id", kind: "text", meaning: "the client's key by which Amplitude drops repeats" },
  { name: "$insert_key", kind: "text", meaning: "undocumented" },
  { name: "$schema", kind: "int", meaning: "legacy schema version" },
  { name: "adid", kind: "text", meaning: "Android advertising id" },
  { name: "amplitude_attribution_ids", kind: "json", meaning: "hashed advertising ids: a text or a list" },
  { name: "amplitude_event_type", kind: "text", meaning: "legacy marker of Amplitude's own events" },
  { name: "amplitude_id", kind: "int", meaning: "Amplitude's id of the user when the event came in" },
  { name: "app", kind: "int", meaning: "project id" },
  { name: "city", kind: "text", meaning: "city, from the IP address or sent" },
  { name: "client_event_time", kind: "time", meaning: "when it happened, by the device's clock" },
  { name: "client_upload_time", kind: "time", meaning: "when it was sent, by the device's clock" },
  { name: "country", kind: "text", meaning: "country, from the IP address or sent" },
  { name: "data", kind: "json", meaning: "how the event was taken in" },
  { name: "data_type", kind: "text", meaning: 'kind of row: "event"' },
  { name: "device_brand", kind: "text", meaning: "device brand" },
  { name: "device_carrier", kind: "text", meaning: "mobile carrier" },
  { name: "device_family", kind: "text", meaning: "device family" },
  { name: "device_id", kind: "text", meaning: "id of the device" },
  { name: "device_manufacturer", kind: "text", meaning: "device manufacturer" },
  { name: "device_model", kind: "text", meaning: "device model" },
  { name: "device_type", kind: "text", meaning: "device type" },
  { name: "dma", kind: "text", meaning: "designated market area" },
  { name: "event_id", kind: "int", meaning: "the device's event counter" },
  { name: "event_properties", kind: "json", meaning: "properties of the event" },
  {
    name: "event_time",
    kind: "time",
    meaning: "when it happened, corrected for the device's clock; charts use it",
  },
  { name: "event_type", kind: "text", meaning: "name of the event" },
  { name: "global_user_properties", kind: "json", meaning: "undocumented" },
  {
    name: "group_properties",
    kind: "json",
    meaning: "properties of the groups: type, then name, then property",
  },
  { name: "groups", kind: "json", meaning: "groups of the user: type, then names" },
  { name: "idfa", kind: "text", meaning: "iOS advertising id" },
  { name: "ip_address", kind: "text", meaning: "IP address" },
  { name: "is_attribution_event", kind: "boolean", meaning: "whether the event came from attribution" },
  { name: "language", kind: "text", meaning: "language" },
  { name: "library", kind: "text", meaning: "SDK or API that sent the event" },
  { name: "location_lat", kind: "double", meaning: "latitude" },
  { name: "location_lng", kind: "double", meaning: "longitude" },
  { name: "os_name", kind: "text", meaning: "operating system; on the web, the browser" },
  { name: "os_version", kind: "text", meaning: "its version" },
  { name: "partner_id", kind: "text", meaning: "ingestion partner" },
  { name: "paying", kind: "boolean", meaning: "whether the user has ever paid" },
  { name: "plan", kind: "json", meaning: "tracking plan of the event" },
  { name: "platform", kind: "text", meaning: "platform: Web, iOS, Android" },
  { name: "processed_time", kind: "time", meaning: "when Amplitude's pipeline processed it" },
  { name: "region", kind: "text", meaning: "region, from the IP address or sent" },
  { name: "sample_rate", kind: "double", meaning: "share of events kept, where sampling is on" },
  { name: "server_received_time", kind: "time", meaning: "when Amplitude received it" },
  { name: "server_upload_time", kind: "time", meaning: "when it was taken in; exports are cut by it" },
  { name: "session_id", kind: "int", meaning: "start of the session in milliseconds since 1970; -1 if none" },
  { name: "source_id", kind: "text", meaning: "undocumented" },
  { name: "start_version", kind: "text", meaning: "version of the app when the user was first seen" },
  {
    name: "user_creation_time",
    kind: "time",
    meaning: "when the user was created; null in every real export seen",
  },
  { name: "user_id", kind: "text", meaning: "the project's own id of the user" },
  { name: "user_properties", kind: "json", meaning: "properties of the user as of this event" },
  { name: "uuid", kind: "text", meaning: "unique id of the row" },
  { name: "version_name", kind: "text", meaning: "version of the app" },
] as const satisfies readonly Field[];

/** The name of one of the 55 fields. */
export type FieldName = (typeof FIELDS)[number]["name"];

/**
 * The lake's column beside the fields: a JSON object with every unknown key, and with every value that its
 * field's column could not hold exactly, each as it came; null if there is none.
 */
export const EXTRA = "extra";

/** The lake's partition column: the UTC date of `server_upload_time`. */
export const UPLOAD_DATE = "upload_date";

/** A column of the lake's table: a field of the event, `extra`, or `upload_date`. */
export type ColumnName = FieldName | typeof EXTRA | typeof UPLOAD_DATE;
