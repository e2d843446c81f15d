import type { Identity, MergedId } from "../../../src/analyses/identity.js";
import { byCodePoints } from "./groups.js";
import type { PlainEvent } from "./plain-event.js";

/** Gives for an `amplitude_id` the user that it is of. */
export type UserOf = (id: bigint) => bigint;

/** Who is one user, by all rows there are, whatever their time. Merges as a list; a file is not read here. */
export function identified(events: readonly PlainEvent[], identity: Identity = "raw"): UserOf {
  if (identity === "raw") return (id) => id;
  const merges = identity === "estimated" ? estimatedMerges(events) : identity.merges;
  if (typeof merges === "string") throw new TypeError("The reference takes a list of merges, no file.");
  const mergedInto = lastMerges(merges);
  return (id) => endOfChain(id, mergedInto);
}

/** An anonymous id that is directly followed, on its device and in the order of the server, by a user with another id. */
export function estimatedMerges(events: readonly PlainEvent[]): MergedId[] {
  const everLoggedIn = new Set(
    events.filter(({ user_id }) => user_id !== null).map(({ amplitude_id }) => amplitude_id),
  );
  const devices = new Set(events.flatMap(({ device_id }) => device_id ?? []));
  const merges: MergedId[] = [];
  for (const device of devices) {
    const rows = events.filter(({ device_id }) => device_id === device).sort(byServer);
    for (let i = 1; i < rows.length; i++) {
      const [before, login] = [rows[i - 1], rows[i]];
      if (before === undefined || login === undefined) continue;
      if (before.user_id !== null || login.user_id === null) continue;
      if (before.amplitude_id === login.amplitude_id || everLoggedIn.has(before.amplitude_id)) continue;
      merges.push({
        amplitude_id: before.amplitude_id,
        merged_amplitude_id: login.amplitude_id,
        merge_server_time: login.server_upload_time,
      });
    }
  }
  return merges;
}

function byServer(a: PlainEvent, b: PlainEvent): number {
  if (a.server_upload_time !== b.server_upload_time)
    return a.server_upload_time < b.server_upload_time ? -1 : 1;
  if (a.event_time !== b.event_time) return a.event_time < b.event_time ? -1 : 1;
  return byCodePoints(a.uuid, b.uuid);
}

/** Of two merges of one id the later; of two of the same time that to the smaller id. */
function lastMerges(merges: readonly MergedId[]): ReadonlyMap<bigint, bigint> {
  const last = new Map<bigint, { readonly to: bigint; readonly time: bigint }>();
  for (const merge of merges) {
    const [id, to] = [BigInt(merge.amplitude_id), BigInt(merge.merged_amplitude_id)];
    const time = BigInt(merge.merge_server_time ?? 0);
    const known = last.get(id);
    const counts = known === undefined || time > known.time || (time === known.time && to < known.to);
    if (counts) last.set(id, { to, time });
  }
  return new Map([...last].map(([id, { to }]) => [id, to]));
}

/** Where no id is merged any further; of a circle the smallest id. */
function endOfChain(id: bigint, mergedInto: ReadonlyMap<bigint, bigint>): bigint {
  const chain = [id];
  for (;;) {
    const next = mergedInto.get(chain[chain.length - 1] ?? id);
    if (next === undefined) return chain[chain.length - 1] ?? id;
    const seen = chain.indexOf(next);
    if (seen !== -1)
      return chain.slice(seen).reduce((smallest, other) => (other < smallest ? other : smallest));
    chain.push(next);
  }
}
