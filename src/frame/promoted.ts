import { typeName } from "../engine/column-type.js";
import type { Engine, QueryOptions } from "../engine/engine.js";
import { filesWithin, lakeSelect, PROJECTION_COLUMNS, projectionSelect } from "../engine/lake-view.js";
import { identifier } from "../engine/sql-text.js";
import { QueryError } from "../errors/index.js";
import type { ColumnName } from "../event.js";
import { ALL_COLUMNS } from "./event-row.js";
import type { LakeFiles, SourceFile } from "./event-source.js";
import { type PropertyColumn, propertySelects, withProperties } from "./properties/columns.js";
import { type FoundProperty, findProperties } from "./properties/find.js";
import { kindsIn } from "./properties/kind-mask.js";
import { addKinds } from "./properties/kinds.js";
import { kindName, sameProperty, storedValue, valueNames } from "./properties/projection.js";
import type { Property } from "./properties/property.js";
import type { Selection, SourcePart } from "./selection.js";

/** With more parts than this the query costs more than projections spare. */
const MOST_PARTS = 32;

/**
 * The SELECT of `selection` with `columns` and `properties` that reads projections where there are some, and data files
 * for the rest. Undefined if nothing can be read so. The rows are those of the data files, in the same order.
 */
export async function projectedSql(
  engine: Engine,
  { files }: LakeFiles,
  selection: Selection,
  columns: readonly ColumnName[],
  properties: readonly PropertyColumn[],
): Promise<string | undefined> {
  if (properties.length === 0 || !columns.every((name) => PROJECTION_COLUMNS.includes(name)))
    return undefined;
  if (selection.conditional && properties.some(({ name }) => isHiddenColumn(name))) return undefined;
  const runs = runsOf(filesWithin(files, selection.bounds), properties);
  if (runs.length > MOST_PARTS || runs.every(({ values }) => values === undefined)) return undefined;
  // Parameters stand in every part.
  if (runs.length > 1 && selection.params.length > 0) return undefined;
  const sql = selection.sqlOver(
    runs.map((run) => partOf(run, selection, properties)),
    columns,
  );
  try {
    await engine.describe(sql, selection.params.length > 0 ? selection.params : undefined);
    return sql;
  } catch (error) {
    // The condition names a column that projections do not have, or one cannot be read.
    if (error instanceof QueryError) return undefined;
    throw error;
  }
}

/** True if the lake has a column of that name, and projections do not: a condition that names it means the column. */
function isHiddenColumn(name: string): boolean {
  const is = (column: string) => column.toLowerCase() === name.toLowerCase();
  return ALL_COLUMNS.some(is) && !PROJECTION_COLUMNS.some(is);
}

/** Neighbouring files that are read alike: by these values of projections, or as data files. */
interface Run {
  /** Equal for files that are. */
  readonly key: string;
  readonly files: SourceFile[];
  readonly values: readonly string[] | undefined;
}

function runsOf(files: readonly SourceFile[], properties: readonly PropertyColumn[]): Run[] {
  const runs: Run[] = [];
  for (const file of files) {
    const values = valuesIn(file, properties);
    // One column has one type in all the files that are read together.
    const types = file.projection?.properties.map(({ type }) => typeName(type)) ?? [];
    const key = values === undefined ? "" : [...values, ...types].join("\n");
    const last = runs.at(-1);
    if (last?.key === key) last.files.push(file);
    else runs.push({ key, files: [file], values });
  }
  return runs;
}

function valuesIn(
  { projection }: SourceFile,
  properties: readonly PropertyColumn[],
): readonly string[] | undefined {
  const values = properties.map((wanted) => {
    const index = projection?.properties.findIndex((stored) => sameProperty(stored, wanted)) ?? -1;
    const stored = projection?.properties[index];
    return stored && storedValue(stored, wanted, index);
  });
  return values.every((value) => value !== undefined) ? values : undefined;
}

function partOf(
  { files, values }: Run,
  { bounds }: Selection,
  properties: readonly PropertyColumn[],
): SourcePart {
  if (values === undefined) {
    const from = withProperties(`(${lakeSelect(files, bounds)}) AS events`, properties);
    return { from, values: propertySelects(properties) };
  }
  return {
    from: `(${selectOf(files, bounds, values)}) AS events`,
    values: properties.map(({ name }, i) => `${values[i]} AS ${identifier(name)}`),
  };
}

/** The projections' columns, with those that `values` read. */
function selectOf(
  files: readonly SourceFile[],
  bounds: Selection["bounds"],
  values: readonly string[],
): string {
  const read = files[0]?.projection?.properties ?? [];
  const names = read
    .flatMap((_, i) => valueNames(i))
    .filter((name) => values.some((sql) => sql.includes(identifier(name))));
  return projectionSelect(projectionsOf(files), bounds, names);
}

/** Each file's projection, with what is known of the file's rows. */
function projectionsOf(files: readonly SourceFile[]) {
  return files.flatMap(({ projection, ...file }) => (projection ? [{ ...file, path: projection.path }] : []));
}

/** As `findProperties` in the events of `selection`: kinds from projections where they are, the rest from JSON. */
export async function findPromoted(
  engine: Engine,
  { files }: LakeFiles,
  selection: Selection,
  properties: readonly Property[],
  options: QueryOptions,
): Promise<FoundProperty[]> {
  const byIndexes = new Map<string, { files: SourceFile[]; indexes: number[] }>();
  const rest: SourceFile[] = [];
  const masks = properties.map(() => 0);
  for (const file of filesWithin(files, selection.bounds)) {
    const stored = file.projection?.properties ?? [];
    const indexes = properties.map((property) => stored.findIndex((each) => sameProperty(each, property)));
    if (indexes.includes(-1)) rest.push(file);
    else if (selection.everyEvent) {
      for (const [i, index] of indexes.entries()) masks[i]! |= stored[index]!.kinds;
    } else if (indexes.some((index) => stored[index]!.kinds !== 0)) {
      const group = byIndexes.get(indexes.join()) ?? { files: [], indexes };
      group.files.push(file);
      byIndexes.set(indexes.join(), group);
    }
  }
  for (const group of byIndexes.values()) {
    for (const [i, mask] of (await masksIn(engine, group, selection, options)).entries()) masks[i]! |= mask;
  }
  const found = properties.map(() => ({ kinds: {}, items: {} }) as Pick<FoundProperty, "kinds" | "items">);
  if (rest.length > 0) {
    const sql = selection.eventsSql(`(${lakeSelect(rest, selection.bounds)}) AS events`);
    for (const each of await findProperties({ engine, sql }, properties, options)) {
      found[properties.findIndex((property) => sameProperty(property, each))] = each;
    }
  }
  return properties.flatMap((property, i) => {
    const { kinds, items } = kindsIn(masks[i]!);
    const all = { kinds: addKinds(found[i]!.kinds, kinds), items: addKinds(found[i]!.items, items) };
    return Object.keys(all.kinds).length > 0 ? [{ ...property, ...all }] : [];
  });
}

async function masksIn(
  engine: Engine,
  { files, indexes }: { files: readonly SourceFile[]; indexes: readonly number[] },
  selection: Selection,
  options: QueryOptions,
): Promise<number[]> {
  const source = projectionSelect(
    projectionsOf(files),
    selection.bounds,
    [...new Set(indexes)].map(kindName),
  );
  const masks = indexes.map((index) => `bit_or(${identifier(kindName(index))})`);
  const events = selection.eventsSql(`(${source}) AS events`);
  const rows = (await engine.query(`SELECT ${masks.join(", ")} FROM (${events})`, undefined, options)).rows();
  return rows[0]!.map(Number);
}
