import type { FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import { DEFAULT_LIMITS } from "../limits.js";
import { type Contents, FileInput } from "./file-input.js";
import { readFully } from "./file-pieces.js";
import { foreignKind, isErrorBody, printable, startsAsGzip, startsAsZip } from "./first-bytes.js";
import { createInflater, type Inflater } from "./inflater.js";
import type { Input, Member, Skipped } from "./input.js";
import type { ArchiveLimits } from "./limits.js";
import { namedHour, noEventsReason } from "./member-name.js";
import { openFile } from "./open-file.js";
import { asRefusal, type Refuse, refuser, throwIfCancelled } from "./refuse.js";
import { readZipDirectory } from "./zip-directory.js";

/** How an input is opened. */
export interface OpenInputOptions {
  /** Limits that differ from DEFAULT_LIMITS. */
  readonly limits?: Partial<ArchiveLimits>;
  readonly signal?: AbortSignal | undefined;
}

/** What a test puts in place of the real thing. */
export interface ArchiveEffects {
  readonly createInflater: () => Inflater;
}

const HEAD = 64 * 1024;

/**
 * Opens the file at `path` as what its first bytes say it is, whatever its name: a zip, gzip, or NDJSON. A zip's
 * directory is verified as a whole here; the data are verified while they are read.
 *
 * Throws ArchiveError if the file is damaged, unsafe or something else (an error answer saved as an archive, an
 * HTML page, a Parquet file), UsageError if it cannot be opened, CancelledError if `signal` was aborted.
 */
export async function openInput(
  path: string,
  options: OpenInputOptions = {},
  effects: ArchiveEffects = { createInflater },
): Promise<Input> {
  throwIfCancelled(options.signal);
  const refuse = refuser(path);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const file = await openFile(path);
  try {
    const size = (await file.stat()).size;
    const head = new Uint8Array(Math.min(size, HEAD));
    await readFully(file, head, 0, head.length);
    const contents = startsAsZip(head)
      ? await zipContents(file, size, path, limits)
      : flatContents(head, size, basename(path), refuse);
    return new FileInput(path, size, file, contents, limits, effects.createInflater);
  } catch (error) {
    await file.close();
    throw asRefusal(error, refuse);
  }
}

async function zipContents(
  file: FileHandle,
  size: number,
  path: string,
  limits: ArchiveLimits,
): Promise<Contents> {
  const members: Member[] = [];
  const skipped: Skipped[] = [];
  for (const entry of await readZipDirectory(file, size, limits, (member) => refuser(path, member))) {
    const reason = entry.name.endsWith("/") ? "directory" : noEventsReason(entry.name);
    if (reason !== undefined) {
      skipped.push({ name: entry.name, reason });
      continue;
    }
    const { name, compressedBytes, data, method, crc32, bytes } = entry;
    members.push({ name, compressedBytes, ...namedHour(name), packed: { data, method, crc32, bytes } });
  }
  return { format: "zip", members, skipped };
}

/** A file that is one member. */
function flatContents(head: Uint8Array, size: number, name: string, refuse: Refuse): Contents {
  const isGzip = startsAsGzip(head);
  if (!isGzip) refuseForeign(head, size, name, refuse);
  const format = isGzip ? "gzip" : size === 0 ? "empty" : "ndjson";
  const reason = noEventsReason(name);
  const member = { name, compressedBytes: size, ...namedHour(name), packed: null };
  return {
    format,
    members: reason === undefined && format !== "empty" ? [member] : [],
    skipped: reason === undefined ? [] : [{ name, reason }],
  };
}

function refuseForeign(head: Uint8Array, size: number, name: string, refuse: Refuse): void {
  const namedZip = /\.zip$/i.test(name);
  const text = printable(head, 160);
  if (size === 0) {
    if (namedZip) throw refuse("it is empty; even a zip without entries has 22 bytes");
    return;
  }
  if (size <= HEAD && isErrorBody(head)) {
    throw refuse(`it holds no events but an error answer in JSON: ${text}`, {
      wayOut: "Ask Amplitude again (ampframe pull does, and says what the error means), then load that file.",
    });
  }
  const kind = foreignKind(head);
  if (kind !== undefined) {
    throw refuse(`it is ${kind}, not a zip, gzip or NDJSON; it begins: ${text}`, {
      wayOut: "Load the file as Amplitude exported it.",
    });
  }
  if (namedZip && !/^\s*\{/.test(text)) throw refuse(`it is named .zip but is none; it begins: ${text}`);
}
