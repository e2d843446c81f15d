import { InvalidArgumentError } from "commander";

const OF_PROPERTY: Readonly<Record<string, string>> = {
  ...{ sum: "sum", average: "average", median: "median", min: "min", max: "max", distinct: "distinct" },
  ...{ "distinct-per-user": "distinctPerUser", "sum-per-user": "sumPerUser" },
};
const SIMPLE = ["uniques", "totals", "average", "active %"];

/** Reads `uniques`, `active %`, `sum:price`, `percentile:price:95`. */
export function measure(text: string): string | object {
  if (SIMPLE.includes(text)) return text;
  const [, kind = "", property = ""] = /^([a-z-]+):(.+)$/s.exec(text) ?? [];
  const name = Object.hasOwn(OF_PROPERTY, kind) ? OF_PROPERTY[kind] : undefined;
  if (name !== undefined) return { [name]: property };
  const [, of = "", p = ""] = (kind === "percentile" && /^(.+):(\d+(?:\.\d+)?)$/s.exec(property)) || [];
  if (of !== "" && Number(p) <= 100) return { percentile: of, p: Number(p) };
  throw new InvalidArgumentError(
    `Give ${SIMPLE.join(", ")}, one of ${Object.keys(OF_PROPERTY).join(", ")} with a property, such as sum:price, or percentile:price:95.`,
  );
}

/** Reads `0-0,1-3`. */
export function pairs(text: string): (readonly [number, number])[] {
  return text.split(",").map((pair) => {
    const [, from, to] = /^\s*(\d{1,6})-(\d{1,6})\s*$/.exec(pair) ?? [];
    if (to !== undefined) return [Number(from), Number(to)];
    throw new InvalidArgumentError("Give pairs with commas between them, such as 0-0,1-3,4-7.");
  });
}

/** Reads `1,2-4,5-`: the last one has no end. */
export function openPairs(text: string): (readonly [number, number | null])[] {
  return text.split(",").map((pair) => {
    const [, from, open, to] = /^\s*(\d{1,6})(-?)(\d{1,6})?\s*$/.exec(pair) ?? [];
    if (from !== undefined && (open === "-" || to === undefined)) {
      return [Number(from), to !== undefined ? Number(to) : open === "-" ? null : Number(from)];
    }
    throw new InvalidArgumentError("Give numbers or pairs with commas between them, such as 1,2-4,5-.");
  });
}

/** Reads `0,10,60.5`. */
export function numbers(text: string): number[] {
  const found = text.split(",").map((one) => (one.trim() === "" ? Number.NaN : Number(one)));
  if (found.every(Number.isFinite)) return found;
  throw new InvalidArgumentError("Give numbers with commas between them, such as 0,10,60.");
}
