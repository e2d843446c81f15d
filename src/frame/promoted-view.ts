import type { Engine } from "../engine/engine.js";
import { PROJECTION_COLUMNS } from "../engine/lake-view.js";
import { EventFrame } from "./event-frame.js";
import { ALL_COLUMNS } from "./event-row.js";
import type { LakeFiles } from "./event-source.js";
import { findPromoted } from "./promoted.js";
import { columnName, type PropertyOptions } from "./properties/columns.js";
import { EVENT_PROPERTIES, type Property, quotedName } from "./properties/property.js";
import { selectionOf } from "./selection.js";

/**
 * The SELECT that the view `promoted` stands for: over projections where there are some, else over the events. Undefined if
 * no promoted property occurs.
 */
export async function promotedSql(engine: Engine, files: LakeFiles): Promise<string | undefined> {
  const { promoted = [] } = files;
  if (promoted.length === 0) return undefined;
  const found = await findPromoted(engine, files, selectionOf({}), promoted, {});
  if (found.length === 0) return undefined;
  const access = { engine: async () => engine, files: async () => files };
  const frame = new EventFrame(access, { columns: PROJECTION_COLUMNS, properties: named(found) });
  return (await frame.statement()).sql;
}

/**
 * Event properties by their keys alone unless there is such a column, others with their column before; a dot between keys.
 * Of names that differ only in case, or not at all, the later are numbered.
 */
function named(properties: readonly Property[]): PropertyOptions[] {
  const taken = new Set(ALL_COLUMNS.map((name) => name.toLowerCase()));
  return properties.map((property) => {
    const short = columnName(property.path.join("."));
    const full = `${property.column}.${short}`;
    const isShort = property.column === EVENT_PROPERTIES && !taken.has(short.toLowerCase());
    const name = isShort ? short : full;
    let as = name;
    for (let n = 2; taken.has(as.toLowerCase()); n++) as = `${name} (${n})`;
    taken.add(as.toLowerCase());
    return { property: quotedName(property), as };
  });
}
