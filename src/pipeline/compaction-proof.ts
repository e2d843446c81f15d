import type { Content } from "../engine/sorted-rows.js";
import { LakeError } from "../errors/index.js";
import { fileSha256 } from "../lake/sha256.js";
import type { LakeTable } from "../lake/table.js";
import { type CompactionGroup, nameOf } from "./compaction-groups.js";
import type { GroupRows, LakePiece } from "./compaction-rows.js";

/**
 * The content of `pieces`, the rows of a group's files but for `copies` of them, after each file was held against
 * its account. Throws LakeError if a file is not as its account says: damage must not be written anew as if whole.
 */
export async function provenContent(
  table: LakeTable,
  rows: GroupRows,
  group: CompactionGroup,
  pieces: readonly LakePiece[],
  copies: number,
): Promise<Content> {
  for (const { file } of group.files) {
    const sha256 = await fileSha256(file.path, table.store);
    if (sha256 === file.sha256) continue;
    throw new LakeError(
      `The data file ${file.path} has the SHA-256 ${sha256}; its account says ${file.sha256}.`,
      "Nothing was changed. Run ampframe verify, and restore the file from a backup.",
    );
  }
  const content = await rows.contentOf(pieces);
  const stated = group.files.reduce((sum, { file }) => sum + file.rows, 0);
  if (content.rows === stated - copies) return content;
  throw new LakeError(
    `The files of ${nameOf(group)} hold ${content.rows} rows beside ${copies} copies; their accounts say ${stated}.`,
    "Nothing was changed. Run ampframe verify.",
  );
}

/** Throws LakeError unless what was written is the rows of `before`, whose content is `old`. */
export async function requireSame(
  rows: GroupRows,
  group: CompactionGroup,
  before: readonly LakePiece[],
  old: Content,
): Promise<void> {
  const found = await rows.contentWritten();
  if (found ? isSame(old, found) : old.rows === 0) return;
  const uuids = found ? await rows.differing(before).catch(() => []) : [];
  throw new LakeError(
    `Compacting ${nameOf(group)} would have changed its rows: of ${old.rows} rows ${found?.rows ?? 0} were ` +
      `written${uuids.length > 0 ? `, and not the same of uuid ${uuids.join(", ")}` : ""}.`,
    "Nothing was changed. This is a fault of ampframe: please report it with this message.",
  );
}

/** True if two contents are of the same rows. */
export function isSame(a: Content, b: Content): boolean {
  if (a.columns !== b.columns || a.rows !== b.rows || a.hours.size !== b.hours.size) return false;
  return [...a.hours].every(([hour, { rows, digest }]) => {
    const other = b.hours.get(hour);
    return other?.rows === rows && other.digest === digest;
  });
}
