import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { FilePieces } from "./file-pieces.js";
import { throwIfCancelled } from "./refuse.js";

/** SHA-256, in hexadecimal, of the first `size` bytes of `file`. */
export async function sha256OfFile(
  file: FileHandle,
  size: number,
  signal: AbortSignal | undefined,
): Promise<string> {
  const hash = createHash("sha256");
  const pieces = new FilePieces(file, 0, size);
  try {
    for (let piece = await pieces.next(); piece; piece = await pieces.next()) {
      throwIfCancelled(signal);
      hash.update(piece);
    }
    return hash.digest("hex");
  } finally {
    await pieces.close();
  }
}
