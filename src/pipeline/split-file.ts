import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Engine } from "../engine/engine.js";
import { measurePart, type PartSelection, writePart } from "../engine/parts.js";
import { LakeError } from "../errors/index.js";
import type { FileAccount, Source } from "../lake/account.js";
import type { StagedFile } from "../lake/change.js";
import type { LakeTable } from "../lake/table.js";

/** Which rows of a file go where; each row matches one of the two. */
export interface FileParts {
  readonly taken: PartSelection;
  readonly rest: PartSelection;
}

/**
 * Splits a data file in two, neither without rows, in a commit of its own that changes no row. Gives the file with
 * the rows `taken`; undefined if another run has replaced the file meanwhile.
 * Throws LakeError if the parts do not add up to what the file's account says.
 */
export async function splitFile(
  table: LakeTable,
  engine: Engine,
  source: Source,
  file: FileAccount,
  parts: FileParts,
): Promise<FileAccount | undefined> {
  const taken = await stage(table, engine, file, parts.taken);
  const rest = await stage(table, engine, file, parts.rest);
  if (taken.rows + rest.rows !== file.rows) {
    throw new LakeError(
      `The file ${file.path} was split into ${taken.rows} and ${rest.rows} rows; its account says ${file.rows}.`,
      "Nothing was changed. Run ampframe verify: the file may be damaged.",
    );
  }
  const outcome = await table.commit({
    account: { operation: "compact", source, requests: [], inputs: [], hours: [], quarantine: null },
    add: [taken, rest],
    remove: [file.path],
    basedOn: table.snapshot,
    dataChange: false,
  });
  return outcome.kind === "committed" ? outcome.account.files[0] : undefined;
}

async function stage(
  table: LakeTable,
  engine: Engine,
  file: FileAccount,
  selection: PartSelection,
): Promise<StagedFile> {
  const path = join(await table.stagingDir(), `${randomUUID()}-split.parquet`);
  await writePart(engine, table.filePath(file.path), path, selection, true);
  const { rows, hours, eventTime, serverUploadTime } = await measurePart(engine, path);
  return {
    ...{ path, app: file.app, uploadDate: file.uploadDate, rows, eventTime, serverUploadTime },
    hours: Object.fromEntries(hours),
  };
}
