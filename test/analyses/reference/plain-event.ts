/** An event as a reference implementation sees it. Times are microseconds since 1970, UTC. */
export interface PlainEvent {
  readonly uuid: string;
  readonly event_type: string;
  readonly event_time: bigint;
  readonly client_event_time: bigint | null;
  readonly server_upload_time: bigint;
  readonly amplitude_id: bigint;
  readonly user_id: string | null;
  readonly device_id: string | null;
  readonly session_id: bigint | null;
  readonly platform: string | null;
  readonly country: string | null;
  /** JSON objects, as text. */
  readonly event_properties: string;
  readonly user_properties: string;
}

/** What a reference implementation is told beside an analysis's own options. */
export interface Setting {
  /** The date range, `until` not included. */
  readonly from: bigint;
  readonly until: bigint;
  /** Before it nothing is known of any user, and from it on nothing either. */
  readonly dataFrom: bigint;
  readonly dataUntil: bigint;
  /** Events of the lake beside those that are looked at, since the frame leaves them out. */
  readonly hidden?: readonly PlainEvent[] | undefined;
}
