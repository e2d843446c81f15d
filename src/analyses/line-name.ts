import { EVERYONE } from "./analysis-input.js";

/** How a line or bar is called: by its segment and group, and by `what` it is if these say nothing, or `always`. */
export function lineName(
  what: string,
  segment: string,
  labels: readonly string[],
  always: boolean = false,
): string {
  const told = [...(segment === EVERYONE ? [] : [segment]), ...labels];
  return [...(always || told.length === 0 ? [what] : []), ...told].join(" · ");
}
