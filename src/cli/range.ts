import { UsageError } from "../index.js";

/** Both ends, each a `what`, of `text`, the value of `option`: `2026-11-01..2026-11-07`. Throws UsageError if it is no range. */
export function bothEnds(
  option: string,
  text: string,
  what = "upload hour or date",
): { readonly from: string; readonly to: string } {
  const [from = "", to = "", ...rest] = text.split("..");
  if (from !== "" && to !== "" && rest.length === 0) return { from, to };
  throw new UsageError(
    `${option} was given \`${text}\`; a range is expected.`,
    `Write the first and the last ${what} with two dots between: ${option} 2026-11-01..2026-11-07.`,
  );
}
