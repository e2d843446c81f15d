import { readFile, writeFile } from "node:fs/promises";

/** Damages a file: a bit of a gzip's CRC, a bit in the middle, or its last half. Gives the bytes it had. */
export async function damage(path: string, how: "crc" | "middle" | "cut"): Promise<Buffer> {
  const before = await readFile(path);
  const after = Buffer.from(before);
  const at = how === "crc" ? after.length - 8 : Math.floor(after.length / 2);
  after[at] = after[at]! ^ 1;
  await writeFile(path, how === "cut" ? after.subarray(0, at) : after);
  return before;
}
