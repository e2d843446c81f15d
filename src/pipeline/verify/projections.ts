import { readPromoted } from "../../lake/promoted-list.js";
import { fileSha256 } from "../../lake/sha256.js";
import type { LakeTable } from "../../lake/table.js";
import { isUntouched } from "../projections.js";
import type { Findings } from "./findings.js";

/**
 * Holds each projection that questions would read against the SHA-256 with which it was written. One that is missing, or
 * was changed since, is no fault: nobody reads it.
 */
export async function proveProjections(table: LakeTable, findings: Findings): Promise<void> {
  const list = await readPromoted(table.store);
  for (const [data, projection] of Object.entries(list?.files ?? {})) {
    findings.throwIfCancelled();
    if (!table.snapshot.files.has(data) || !(await isUntouched(table, projection))) continue;
    const { path, sha256: expected } = projection;
    const sha256 = await fileSha256(path, table.store);
    if (sha256 === expected) continue;
    findings.add([{ what: path, found: `SHA-256 ${sha256}`, expected: `SHA-256 ${expected}` }]);
  }
}
