import type { MergedId } from "./identity.js";

/**
 * The user that each merged id belongs to: chains are followed to their end; of merges in a circle the smallest id is the
 * user. Of several merges of one id the one with the latest `merge_server_time` counts, of equal ones that to the smaller id.
 */
export function usersOfMergedIds(merges: Iterable<MergedId>): ReadonlyMap<bigint, bigint> {
  const next = new Map<bigint, { to: bigint; time: bigint }>();
  for (const { amplitude_id, merged_amplitude_id, merge_server_time = 0 } of merges) {
    const [id, to, time] = [BigInt(amplitude_id), BigInt(merged_amplitude_id), BigInt(merge_server_time)];
    const known = next.get(id);
    const counts = known === undefined || time > known.time || (time === known.time && to < known.to);
    if (counts) next.set(id, { to, time });
  }
  const users = new Map<bigint, bigint>();
  for (const id of next.keys()) {
    const path: bigint[] = [];
    const seen = new Set<bigint>();
    let at = id;
    while (!seen.has(at) && !users.has(at) && next.has(at)) {
      path.push(at);
      seen.add(at);
      at = next.get(at)!.to;
    }
    const circle = seen.has(at) ? path.slice(path.indexOf(at)) : [];
    const user = users.get(at) ?? circle.reduce((least, one) => (one < least ? one : least), at);
    for (const one of path) users.set(one, user);
  }
  for (const [id, user] of users) if (id === user) users.delete(id);
  return users;
}
