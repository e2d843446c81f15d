import type { Engine } from "../engine/engine.js";
import { type Hour, hourStart } from "../hour.js";
import type { FileAccount, Source } from "../lake/account.js";
import type { LakeTable } from "../lake/table.js";
import { originsIn } from "./file-origins.js";
import { splitFile } from "./split-file.js";

/** A data file of the table, and which of its hours are wanted of it. */
export interface AnsweredFile {
  readonly file: FileAccount;
  readonly hours: readonly Hour[];
}

/**
 * The files that hold exactly the rows which answers for `hours` have brought for `source`. Rows of these hours
 * that came in answers for others stay: nothing may bring them again. Where a file holds other rows as well it is
 * first split in two, in a commit of its own that changes no row.
 */
export async function takeOutHours(
  table: LakeTable,
  engine: Engine,
  source: Source,
  hours: ReadonlySet<Hour>,
): Promise<FileAccount[]> {
  if (hours.size === 0) return [];
  for (;;) {
    const files: (FileAccount | undefined)[] = [];
    for (const { file, hours: wanted } of await filesWith(table, source, hours)) {
      if (wanted.length === Object.keys(file.hours).length) files.push(file);
      else {
        const starts = wanted.map(hourStart);
        const parts = { taken: { hours: starts }, rest: { withoutHours: starts } };
        files.push(await splitFile(table, engine, source, file, parts));
      }
    }
    const all = files.filter((file) => file !== undefined);
    if (all.length === files.length) return all;
  }
}

/** The files in which answers for some of `hours` lie, and which of the hours those are. */
export async function filesWith(
  table: LakeTable,
  source: Source,
  hours: ReadonlySet<Hour>,
): Promise<AnsweredFile[]> {
  if (hours.size === 0) return [];
  const snapshot = await table.refresh();
  const first = (await table.summaries()).find(
    (account) => account.source.id === source.id && account.hours.some(({ hour }) => hours.has(hour)),
  );
  if (!first) return [];
  const origins = await originsIn(snapshot, table.accounts(first.version - 1));
  return [...origins.values()]
    .filter((origin) => origin.source.id === source.id)
    .map(({ file, answered }) => {
      const held = Object.keys(file.hours) as Hour[];
      return { file, hours: held.filter((hour) => hours.has(hour) && answered.has(hour)) };
    })
    .filter(({ hours: wanted }) => wanted.length > 0);
}
