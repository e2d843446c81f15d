import { isUtf8 } from "node:buffer";
import { LakeError } from "../errors/index.js";
import { errorCode } from "./files.js";
import { quarantineName } from "./live-quarantine.js";
import { quarantinePath } from "./paths.js";
import { fileSha256 } from "./sha256.js";
import type { LakeStore } from "./store/lake-store.js";

/** A line that could not be taken, and where it stood. */
export interface QuarantinedLine {
  /** Name of the archive or file, and of the member in it. */
  readonly input: string;
  readonly member: string;
  /** Number of the line in the member, from 1, and of its first byte after gunzip, from 0. */
  readonly line: number;
  readonly offset: number;
  readonly reason: string;
  /** The line's bytes without its line end. */
  readonly raw: Buffer;
  /** Of a line that was tried again, whose input is then a quarantine file: where it stood when it came. */
  readonly origin?: PlaceOfLine;
}

/** Where a line stood; as in QuarantinedLine. */
export type PlaceOfLine = Pick<QuarantinedLine, "input" | "member" | "line" | "offset">;

const BATCH = 1 << 16;
const NAME = /^[0-9a-f]{32}\.ndjson$/;

/** True if a file of that name holds quarantined lines. */
export function isQuarantineName(name: string): boolean {
  return NAME.test(name);
}

/**
 * Writes lines into a new quarantine file, named by its content, and brings it to the disk. `temporary` is a
 * free path on this machine. Returns what a commit's account says of it; null, and no file, if there are none.
 */
export async function writeQuarantine(
  store: LakeStore,
  lines: Iterable<QuarantinedLine> | AsyncIterable<QuarantinedLine>,
  temporary: string,
): Promise<{ readonly lines: number; readonly file: string } | null> {
  let count = 0;
  async function* text(): AsyncGenerator<string> {
    let batch: string[] = [];
    let length = 0;
    for await (const line of lines) {
      count += 1;
      const text = `${formatLine(line)}\n`;
      batch.push(text);
      length += text.length;
      if (length < BATCH) continue;
      yield batch.join("");
      [batch, length] = [[], 0];
    }
    yield batch.join("");
  }
  try {
    await store.disk.write(temporary, text());
    if (count === 0) return null;
    const file = quarantineName(await fileSha256(temporary, store.disk));
    await store.place([{ from: temporary, to: quarantinePath(file) }]);
    return { lines: count, file };
  } finally {
    await store.disk.remove(temporary).catch(() => undefined);
  }
}

/** The lines of the quarantine file `file` (its name alone), in order. Throws LakeError if it is gone. */
export async function* readQuarantine(store: LakeStore, file: string): AsyncGenerator<QuarantinedLine> {
  if (!isQuarantineName(file)) {
    throw new LakeError(
      `"${file}" is not the name of a quarantine file; 32 hex digits and .ndjson were expected.`,
      "Run ampframe quarantine to list the names.",
    );
  }
  try {
    for await (const line of linesOf(store.stream(quarantinePath(file)))) yield parseLine(line);
  } catch (error) {
    if (errorCode(error) !== "ENOENT" && !(error instanceof SyntaxError)) throw error;
    const found = error instanceof SyntaxError ? "is damaged" : "is missing";
    throw new LakeError(
      `The quarantine file ${store.nameOf(quarantinePath(file))} ${found}.`,
      "Restore it from a backup.",
      {
        cause: error,
      },
    );
  }
}

async function* linesOf(pieces: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  for await (const piece of pieces) {
    let from = 0;
    for (let end = piece.indexOf(0x0a); end >= 0; end = piece.indexOf(0x0a, from)) {
      yield Buffer.concat([...rest, piece.subarray(from, end)]).toString("utf8");
      rest = [];
      from = end + 1;
    }
    if (from < piece.length) rest.push(piece.subarray(from));
  }
  if (rest.length > 0) yield Buffer.concat(rest).toString("utf8");
}

/** Text stays readable; bytes that are no UTF-8 are kept in base64. */
function formatLine({ raw, ...where }: QuarantinedLine): string {
  return JSON.stringify(
    isUtf8(raw) ? { ...where, raw: raw.toString("utf8") } : { ...where, rawBase64: raw.toString("base64") },
  );
}

function parseLine(text: string): QuarantinedLine {
  const { raw, rawBase64, ...where } = JSON.parse(text);
  return { ...where, raw: rawBase64 === undefined ? Buffer.from(raw) : Buffer.from(rawBase64, "base64") };
}
