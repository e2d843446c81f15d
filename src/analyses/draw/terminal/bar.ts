const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of `length` columns, to an eighth; something is seen of each that is more than nothing. */
export function bar(length: number): string {
  if (!(length > 0)) return "";
  const eighths = Math.max(1, Math.round(length * 8));
  return "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
}

/** A bar that ends at the right, to a half of a column. */
export function barLeftwards(length: number): string {
  if (!(length > 0)) return "";
  const halves = Math.max(1, Math.round(length * 2));
  return (halves % 2 === 1 ? "▐" : "") + "█".repeat(Math.floor(halves / 2));
}
