// Which uuids have come before: the host knows, since several decoders share what they have seen.
// @ts-ignore: decorator
@external("host", "mayHaveSeen")
declare function hostMayHaveSeen(low: u32, high: u32): bool;

function mix(h: u64): u64 {
  h = (h ^ (h >> 32)) * 0xd6e8feb86659fd93;
  h = (h ^ (h >> 32)) * 0xd6e8feb86659fd93;
  return h ^ (h >> 32);
}

function hash(p: usize, bytes: usize): u64 {
  let h: u64 = bytes;
  const end = p + bytes;
  for (; p + 8 <= end; p += 8) h = mix(h ^ load<u64>(p)) + 0x9e3779b97f4a7c15;
  let rest: u64 = 0;
  for (let shift: u64 = 0; p < end; p++, shift += 8) rest |= <u64>load<u8>(p) << shift;
  return mix(h ^ rest);
}

/** Remembers a text; true if it may have come before. */
export function mayHaveSeen(p: usize, bytes: usize): bool {
  const h = hash(p, bytes);
  return hostMayHaveSeen(<u32>h, <u32>(h >> 32));
}
