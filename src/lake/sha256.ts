import { createHash } from "node:crypto";
import type { LakeFiles } from "./files.js";

/** SHA-256 of a text in UTF-8, 64 hex digits. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** SHA-256 of a file's bytes, 64 hex digits; `path` is as `files`, a disk or a lake's store, wants it. */
export async function fileSha256(path: string, files: Pick<LakeFiles, "stream">): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of files.stream(path)) hash.update(piece);
  return hash.digest("hex");
}

/** The first 16 hex digits of `text`'s SHA-256: the name of an account. */
export function contentId(text: string): string {
  return sha256(text).slice(0, 16);
}
