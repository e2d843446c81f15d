import { KINDS, type KindCounts, kindSql, type PropertyKind } from "./kinds.js";

/** Which kinds occur among values, as bits in the order of KINDS; those of what is in lists come after them. */
export type KindMask = number;

/** The mask of all kinds that are counted. */
export function maskOf(kinds: KindCounts, items: KindCounts): KindMask {
  const bits = (counts: KindCounts, shift: number) =>
    KINDS.reduce((mask, kind, i) => ((counts[kind] ?? 0) > 0 ? mask | (1 << (i + shift)) : mask), 0);
  return bits(kinds, 0) | bits(items, KINDS.length);
}

/** The kinds in a mask, each counted as one. */
export function kindsIn(mask: KindMask): { kinds: KindCounts; items: KindCounts } {
  const counts = (shift: number): KindCounts =>
    Object.fromEntries(KINDS.flatMap((kind, i) => (mask & (1 << (i + shift)) ? [[kind, 1]] : [])));
  return { kinds: counts(0), items: counts(KINDS.length) };
}

/** True if `kind` is one of those in the mask. */
export function hasKind(mask: KindMask, kind: PropertyKind): boolean {
  return (mask & (1 << KINDS.indexOf(kind))) !== 0;
}

/** SQL for the mask of one value: of no value 0. `type` and `text` as `kindSql` takes them; `lists` if it may be one. */
export function maskSql(type: string, text: string, lists: boolean): string {
  const items = `CASE ${type} WHEN 'ARRAY' THEN ${1 << KINDS.length} * coalesce(list_bit_or(list_transform(
      json_extract(${text}, '$[*]'), lambda x: ${kindSql("json_type(x)", "(x ->> '$')", bit)})), 0) ELSE 0 END`;
  const own = `CASE WHEN ${type} IS NULL THEN 0 ELSE ${kindSql(type, text, bit)} END`;
  return `(${lists ? `${own} + ${items}` : own})::UINTEGER`;
}

function bit(kind: PropertyKind): string {
  return String(1 << KINDS.indexOf(kind));
}
