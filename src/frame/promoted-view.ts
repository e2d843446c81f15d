import { PROJECTION_COLUMNS } from "../engine/lake-view.js";
import { ALL_COLUMNS } from "./event-row.js";
import type { LakeFiles } from "./event-source.js";
import type { PropertyOptions } from "./properties/columns.js";
import { sameProperty } from "./properties/projection.js";
import { EVENT_PROPERTIES, type Property, quotedName } from "./properties/property.js";
import type { FrameOptions } from "./selection.js";

/** The frame that the view `promoted` shows; undefined if no promoted property occurs. */
export function promotedOptions({ promoted = [], files }: LakeFiles): FrameOptions | undefined {
  const stored = files.flatMap(({ projection }) => projection?.properties ?? []);
  const there = promoted.filter((property) =>
    stored.some((each) => each.kinds !== 0 && sameProperty(each, property)),
  );
  return there.length === 0 ? undefined : { columns: PROJECTION_COLUMNS, properties: named(there) };
}

/**
 * Event properties by their keys alone unless there is such a column, others with their column before; a dot between keys.
 * Of names that differ only in case, or not at all, the later are numbered.
 */
function named(properties: readonly Property[]): PropertyOptions[] {
  const taken = new Set(ALL_COLUMNS.map((name) => name.toLowerCase()));
  return properties.map((property) => {
    const short = property.path.join(".");
    const full = `${property.column}.${short}`;
    const isShort = property.column === EVENT_PROPERTIES && !taken.has(short.toLowerCase());
    const name = isShort ? short : full;
    let as = name;
    for (let n = 2; taken.has(as.toLowerCase()); n++) as = `${name} (${n})`;
    taken.add(as.toLowerCase());
    return { property: quotedName(property), as };
  });
}
