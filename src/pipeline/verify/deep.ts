import { hashUuids, readEveryRow, type UuidFigures } from "../../engine/every-row.js";
import type { ProvenLake } from "./compare.js";

/** Reads every value of every sound data file, and hashes every uuid of the lake. */
export async function proveEveryRow(lake: ProvenLake, rows: number): Promise<UuidFigures> {
  const { table, ledger, sound, engine, findings, signal } = lake;
  for (const path of sound) {
    findings.throwIfCancelled();
    const hours = Object.keys(ledger.files.get(path)?.account.hours ?? {});
    try {
      const { incomplete, wrongColumns } = await readEveryRow(engine, table.filePath(path), { signal });
      findings.compare(path, incomplete, 0, "rows without uuid, event type or upload time", hours);
      if (wrongColumns.length === 0) continue;
      const found = `columns ${wrongColumns.join(", ")}`;
      findings.add([{ what: path, found, expected: "the columns and types of the lake" }], hours);
    } catch (error) {
      findings.throwIfCancelled();
      findings.add(
        [{ what: path, found: (error as Error).message, expected: "rows that can be read" }],
        hours,
      );
    }
  }
  const paths = [...sound].map((path) => table.filePath(path));
  const figures = await hashUuids(engine, paths, rows, { signal });
  findings.compare("uuids of the lake", figures.distinct, figures.rows, "different uuids");
  return figures;
}
