import type { SqlWords } from "./sql-text.js";

/** What an analysis needs of an engine's SQL beyond what all have alike. Arguments and results are SQL expressions. */
export interface Dialect extends SqlWords {
  /** A value as text. A double must be told. */
  text(value: string, kind?: "double" | undefined): string;
  /** Microseconds since 1970 of a time column that holds UTC, as a 64-bit integer. */
  micros(time: string): string;
  /** The month of day number `day` (days since 1970): years since 0 times 12, plus the month from 0. */
  monthNumber(day: string): string;
  /** Integer division of numbers that are not negative. */
  divide(a: string, b: string): string;
  /** The text of the value at `path` in the JSON text `json`: of a text the text itself, of anything else its JSON; null if it is not there, or is null. */
  jsonText(json: string, path: readonly string[]): string;
  /** The value at `path` in the JSON text `json` as a double, if it is a number; null if it is none, or a number in a text. */
  jsonNumber(json: string, path: readonly string[]): string;
  /** True if there is a JSON array at `path`, whose text is `text`. */
  isJsonArray(json: string, path: readonly string[], text: string): string;
  /** The items of `text`, a JSON array: each as `jsonText` has values. */
  jsonItems(text: string): string;
  /** The objects of a column `group_properties`, the first group of each type in the place of its name. */
  firstGroups(json: string): string;
  /** A list of the items given. */
  list(items: readonly string[]): string;
  /** A list of texts without items. */
  readonly emptyTexts: string;
  /** `list`, or if it is empty a list of `item`. */
  filledOr(list: string, item: string): string;
  /** True if `list` has no items. */
  isEmpty(list: string): string;
  /** The items of `list` that are not null. */
  filledItems(list: string): string;
  /** The different items of `list`, each once. */
  distinctItems(list: string): string;
  /** In a SELECT list: a row for each item of the list. */
  unnest(list: string): string;
  /** A list of the whole numbers from `first` to `last`, both included. */
  sequence(first: string, last: string): string;
  /** True if `condition` holds for an item; it gets the name of the item. */
  anyItem(list: string, condition: (item: string) => string): string;
  /** The sum of what `value` gives of the items of `list`, as a double; null if it gives no number of any. */
  sumItems(list: string, value: (item: string) => string): string;
  /** As a double; null where the text is not written as JSON writes numbers. */
  number(text: string): string;
  /** True if all of `text` matches the regular expression, in what RE2 and Java have alike. */
  matches(text: string, pattern: string): string;
  /** True if `text` has `part` in it. */
  contains(text: string, part: string): string;
  /** True if `text` begins with `part`. */
  startsWith(text: string, part: string): string;
  /** The value of `value` in the row where `by` is least, of those where neither is null: an aggregate. */
  minBy(value: string, by: string): string;
  maxBy(value: string, by: string): string;
  /** Expressions in whose order `uuid`, a text, is in its own; of UUIDs they take less memory than their texts. */
  uuidOrder(uuid: string): readonly string[];
  /** Stands in `name AS … (SELECT …)` before a common table expression that is to be read anew in each place that names it. */
  readonly readAnew: string;
  /** A SELECT in the place of `select`, for a common table expression that several places name and that is to be worked out once. */
  once(select: string): string;
  /** The 64-bit integer whose bit `number`, an expression from 0 to 62, alone is set. */
  setBit(number: string): string;
  /** 1 where bit `number` of the 64-bit integer is set, else 0. */
  bitAt(bits: string, number: number): string;
  /** Several values as one that is compared by the first, then the next. */
  row(values: readonly string[]): string;
  /** The `p`th percentile, 0 to 100, between neighbours in a straight line, an aggregate. */
  percentile(value: string, p: number): string;
  /** A row for each of `rows`, whole numbers in digits, with columns of the names given: a SELECT. All are 64-bit integers. */
  values(names: readonly string[], rows: readonly (readonly string[])[]): string;
}
