import type { RanAnalysis } from "../index.js";
import type { Paint } from "./paint.js";
import { printable } from "./printable.js";

/** What was computed, by which pages, why Amplitude's chart may differ, and the SQL. */
export function explanationText({ explanation, sql }: RanAnalysis, { bold }: Paint): string {
  const part = (title: string, lines: readonly string[]): string =>
    [bold(title), ...lines.map((line) => `  ${printable(line)}`)].join("\n");
  return [
    part("What was computed", explanation.definition),
    part("Defined by", explanation.sources),
    part("Why Amplitude's chart may differ", explanation.differences),
    part("SQL", sql.split("\n")),
  ].join("\n\n");
}
