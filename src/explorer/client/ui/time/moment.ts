const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAY = /^\d{4}-(\d\d)-(\d\d)(?:[ T](\d\d:\d\d))?/;

/** `2026-11-23` as `Nov 23`, hours as `Nov 23, 14:00`; anything else as it is. */
export function axisText(label: string): string {
  const found = DAY.exec(label);
  const month = MONTHS[Number(found?.[1]) - 1];
  if (!found || month === undefined) return label;
  return `${month} ${Number(found[2])}${found[3] ? `, ${found[3]}` : ""}`;
}
