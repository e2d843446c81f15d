import type { Engine } from "../engine/engine.js";
import { type Hour, hourStart } from "../hour.js";
import type { FileAccount, Source } from "../lake/account.js";
import type { LakeTable } from "../lake/table.js";
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
  const answered = new Map<string, { file: FileAccount; hours: ReadonlySet<Hour> }>();
  for await (const { account } of table.accounts(first.version - 1)) {
    if (account.source.id !== source.id) continue;
    const before = account.removed.map((path) => answered.get(path)?.hours ?? []);
    const asked = account.hours.filter(({ mark }) => mark === "held").map(({ hour }) => hour);
    const isRewrite = account.operation === "compact" || account.operation === "forget";
    const own = new Set(isRewrite ? before.flatMap((of) => [...of]) : asked);
    for (const file of account.files) {
      answered.set(file.path, { file, hours: file.compacted === "others" ? new Set() : own });
    }
  }
  return [...answered.values()]
    .filter(({ file }) => snapshot.files.has(file.path))
    .map(({ file, hours: own }) => {
      const held = Object.keys(file.hours) as Hour[];
      return { file, hours: held.filter((hour) => hours.has(hour) && own.has(hour)) };
    })
    .filter(({ hours: wanted }) => wanted.length > 0);
}
