import type { Engine } from "../../engine/engine.js";
import { measurePart, type PartFigures } from "../../engine/parts.js";
import { dateOf, type Hour } from "../../hour.js";
import type { FileAccount } from "../../lake/account.js";
import { misleadingAdd, wrongAdd } from "../../lake/add-proof.js";
import { type Fault, unequal } from "../../lake/fault.js";
import { fileSha256 } from "../../lake/sha256.js";
import type { LakeFile } from "../../lake/snapshot.js";
import type { LakeStore } from "../../lake/store/lake-store.js";

/** What a data file holds, counted from it; undefined if it cannot be read. */
export interface ProvenFile {
  readonly hours: ReadonlyMap<Hour, number> | undefined;
  readonly faults: readonly Fault[];
}

/**
 * One data file three times over: what the log says of it, what its account says, and what its bytes say: size,
 * SHA-256, rows, rows of each upload hour, first and last times, and that its rows are of its folder's date.
 */
export async function proveDataFile(
  engine: Engine,
  store: LakeStore,
  file: LakeFile,
  account: FileAccount | undefined,
): Promise<ProvenFile> {
  const what = file.path;
  const size = (await store.stat(file.path))?.bytes;
  if (size === undefined) {
    const faults = [{ what, found: "no such file", expected: "a data file that the log names" }];
    return { hours: undefined, faults };
  }
  const faults: Fault[] = account ? wrongAdd(file.add, account, false) : [];
  faults.push(...unequal(what, size, account?.bytes ?? file.bytes, "bytes"));
  let figures: PartFigures;
  let release: (() => Promise<void>) | undefined;
  try {
    // Not from a copy that was made before: what lies in the lake is to be proven.
    release = await store.hold([file.path], { fresh: true });
    const onDisk = store.filePath(file.path);
    if (account) {
      const sha256 = await fileSha256(onDisk, store.disk);
      if (sha256 !== account.sha256) {
        faults.push({ what, found: `SHA-256 ${sha256}`, expected: `SHA-256 ${account.sha256}` });
      }
    }
    figures = await measurePart(engine, onDisk);
  } catch (error) {
    return { hours: undefined, faults: [...faults, unreadable(what, error)] };
  } finally {
    await release?.();
  }
  const { rows, hours, eventTime, serverUploadTime } = figures;
  const strays = [...hours].filter(([hour]) => dateOf(hour) !== file.uploadDate);
  faults.push(
    ...strays.map(([hour, count]) => ({
      ...{ what, found: `${count} rows of hour ${hour}`, expected: `rows of ${file.uploadDate} only` },
    })),
  );
  if (!account) return { hours, faults: [...faults, ...misleadingAdd(what, file.add, figures)] };
  faults.push(...unequal(what, rows, account.rows, "rows"));
  for (const hour of new Set([...hours.keys(), ...(Object.keys(account.hours) as Hour[])])) {
    faults.push(...unequal(`${what}, hour ${hour}`, hours.get(hour) ?? 0, account.hours[hour] ?? 0, "rows"));
  }
  const spans = {
    event_time: [eventTime, account.eventTime],
    server_upload_time: [serverUploadTime, account.serverUploadTime],
  };
  for (const [column, [found, expected]] of Object.entries(spans)) {
    if (found?.min === expected?.min && found?.max === expected?.max) continue;
    faults.push({ what, found: `${column} ${spanText(found)}`, expected: `${column} ${spanText(expected)}` });
  }
  return { hours, faults };
}

function unreadable(what: string, error: unknown): Fault {
  return { what, found: error instanceof Error ? error.message : String(error), expected: "a Parquet file" };
}

/** Microseconds since 1970: dates would hide the difference. */
function spanText(span: { readonly min: bigint; readonly max: bigint } | null | undefined): string {
  return span ? `from ${span.min} to ${span.max} µs` : "in no row";
}
