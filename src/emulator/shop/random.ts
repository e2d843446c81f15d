const TWO_32 = 4_294_967_296;

/** A bijection of 32-bit integers that spreads each bit over all (the finaliser of MurmurHash3). */
export function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** A 32-bit hash of up to four integers, the same on every machine. */
export function hash(a: number, b = 0, c = 0, d = 0): number {
  let x = mix(a ^ 0x9e3779b9);
  x = mix(Math.imul(x, 5) + b + 0x7f4a7c15);
  x = mix(Math.imul(x, 5) + c + 0x1b873593);
  return mix(Math.imul(x, 5) + d + 0x2545f491);
}

/** `hash` as a fraction: at least 0, below 1. */
export function fraction(a: number, b = 0, c = 0, d = 0): number {
  return hash(a, b, c, d) / TWO_32;
}

/** A small generator of pseudo-random numbers: equal seeds give equal sequences. */
export class Rng {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** At least 0, below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let x = this.#state;
    x = Math.imul(x ^ (x >>> 15), x | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / TWO_32;
  }

  /** An integer, at least 0, below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** True with probability `p`. */
  chance(p: number): boolean {
    return this.next() < p;
  }
}

/** All texts of four digits, made when the first is needed. */
let allHex4: readonly string[] | undefined;

/** Eight hexadecimal digits of a 32-bit integer. */
export function hex8(value: number): string {
  return hex4(value >>> 16) + hex4(value);
}

/** The last four hexadecimal digits of an integer. */
export function hex4(value: number): string {
  allHex4 ??= Array.from({ length: 65_536 }, (_, i) => i.toString(16).padStart(4, "0"));
  return allHex4[value & 0xffff]!;
}

/** A UUID of version 4 from four 32-bit integers; of `b` the highest nibble of its lower half is lost. */
export function uuidOf(a: number, b: number, c: number, d: number): string {
  const version = hex4((b & 0x0fff) | 0x4000);
  const variant = hex4(((c >>> 16) & 0x3fff) | 0x8000);
  return `${hex8(a)}-${hex4(b >>> 16)}-${version}-${variant}-${hex4(c)}${hex8(d)}`;
}
