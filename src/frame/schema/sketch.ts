/** Values that are counted exactly; with more different ones the number is estimated. */
export const MOST_EXACT = 64;
/** Parts of the hash space of which a sketch keeps the least hash. The standard error is about 1/sqrt(BUCKETS): 6 %. */
export const BUCKETS = 256;
/** As BUCKETS, for users: 3 %. */
export const USER_BUCKETS = 1024;

const EMPTY = 0xffffffff;
const RANGE = 2 ** 32;

/** A value, how often it occurs, and its hash: `rest * BUCKETS + bucket`, where `rest` has 32 bits. */
export interface CountedValue {
  readonly id: number;
  readonly count: number;
  readonly text: string;
}

/**
 * What is known of the different values of something: all of them with their counts, or the least hash of each bucket
 * and some values as examples. Two can be merged without reading the values again.
 */
export type Sketch =
  | { readonly kind: "exact"; readonly values: readonly CountedValue[] }
  | { readonly kind: "estimate"; readonly least: Uint32Array; readonly examples: readonly string[] };

/** No values. */
export const NO_VALUES: Sketch = { kind: "exact", values: [] };
const MOST_EXAMPLES = 5;

/** A sketch of values that are all known, each once. */
export function sketchOf(values: readonly CountedValue[]): Sketch {
  if (values.length <= MOST_EXACT) return { kind: "exact", values };
  const least = emptyBuckets(BUCKETS);
  for (const { id } of values) note(least, id % BUCKETS, Math.floor(id / BUCKETS));
  return { kind: "estimate", least, examples: frequent(values).map(({ text }) => text) };
}

/** The sketch of all values of both. */
export function mergeSketches(a: Sketch, b: Sketch): Sketch {
  if (a.kind === "exact" && b.kind === "exact") {
    const values = new Map(a.values.map((value) => [value.id, value]));
    for (const value of b.values) {
      const known = values.get(value.id);
      values.set(value.id, known ? { ...known, count: known.count + value.count } : value);
    }
    return sketchOf([...values.values()]);
  }
  const [x, y] = [estimateOf(a), estimateOf(b)];
  const examples = [...new Set([...x.examples, ...y.examples])].slice(0, MOST_EXAMPLES);
  return { kind: "estimate", least: mergeBuckets(x.least, y.least), examples };
}

function estimateOf(sketch: Sketch): Extract<Sketch, { kind: "estimate" }> {
  if (sketch.kind === "estimate") return sketch;
  const least = emptyBuckets(BUCKETS);
  for (const { id } of sketch.values) note(least, id % BUCKETS, Math.floor(id / BUCKETS));
  return { kind: "estimate", least, examples: frequent(sketch.values).map(({ text }) => text) };
}

/** The most frequent values first, equal ones by their text. */
export function frequent(values: readonly CountedValue[], most = MOST_EXAMPLES): CountedValue[] {
  return [...values].sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1)).slice(0, most);
}

/** How many different values there are. */
export function distinctOf(sketch: Sketch): { readonly count: number; readonly exact: boolean } {
  return sketch.kind === "exact"
    ? { count: sketch.values.length, exact: true }
    : { count: estimatedCount(sketch.least), exact: false };
}

/** Buckets in which no hash was seen. */
export function emptyBuckets(count: number): Uint32Array {
  return new Uint32Array(count).fill(EMPTY);
}

/** Notes a hash: the 32 bits `rest` in `bucket`. */
export function note(least: Uint32Array, bucket: number, rest: number): void {
  if (rest < least[bucket]!) least[bucket] = Math.min(rest, EMPTY - 1);
}

/** The least of both, bucket by bucket. */
export function mergeBuckets(a: Uint32Array, b: Uint32Array): Uint32Array {
  return a.map((value, i) => Math.min(value, b[i]!));
}

/**
 * The number of different hashes, estimated. With `rate` hashes a bucket the least one lies, as a share of the range,
 * at (1 - e^-rate) / rate on average, and a bucket is empty with e^-rate; few hashes are told better by the latter.
 */
export function estimatedCount(least: Uint32Array): number {
  const empty = least.reduce((sum, value) => sum + (value === EMPTY ? 1 : 0), 0);
  if (empty > least.length * 0.3) return Math.round(-least.length * Math.log(empty / least.length));
  const mean =
    least.reduce((sum, value) => sum + (value === EMPTY ? 1 : (value + 0.5) / RANGE), 0) / least.length;
  let [low, high] = [1e-9, 1e9];
  for (let i = 0; i < 100; i++) {
    const rate = Math.sqrt(low * high);
    if ((1 - Math.exp(-rate)) / rate > mean) low = rate;
    else high = rate;
  }
  return Math.round(least.length * low);
}
