import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import type { Exchange } from "./exchange.js";
import { ExchangeFault } from "./fault.js";
import type { DownloadLimits } from "./limits.js";
import { beginsAsZip, endsAsZip } from "./zip-shape.js";

/** A body on disk. */
export interface SavedBody {
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

const BATCH = 512 * 1024;
const SHOWN = 200;

/** Called as the new file at `path` begins to take a body; gives who is told what comes. Must not throw. */
export type WatchBody = (path: string) => Promise<BodyWatcher>;

/** Told what comes of a body while it comes. */
export interface BodyWatcher {
  /** Bytes that now stand in the file, behind those of the call before. Must not throw. */
  written(bytes: Uint8Array): void;
  /** The body will not be completed. */
  failed(): Promise<void>;
}

/**
 * Writes the body of a 200 to a new file at `path`, hashing it on the way. Throws ExchangeFault if it is not a
 * zip, was cut, is too long or too slow, or cannot be written.
 */
export async function saveBody(
  { body, contentLength, status }: Exchange,
  path: string,
  limits: DownloadLimits,
  onBytes: (bytes: number) => void,
  elapsed: () => number,
  watch?: WatchBody,
): Promise<SavedBody> {
  const tooLong = () =>
    new ExchangeFault("tooLong", `the archive has more than ${limits.archiveBytes} bytes`, status);
  if (contentLength !== null && contentLength > limits.archiveBytes) throw tooLong();
  const hash = createHash("sha256");
  const pace = new Pace(limits, elapsed);
  const file = await onDisk(() => open(path, "w+", 0o600));
  let writing: Promise<unknown> = Promise.resolve();
  const watcher = await watch?.(path);
  try {
    let batch: Buffer[] = [];
    let batched = 0;
    let bytes = 0;
    let isZip: boolean | undefined;
    const flush = async (): Promise<void> => {
      await writing;
      const parts = batch;
      batch = [];
      batched = 0;
      writing = onDisk(() => writeAll(file, parts)).then(() => {
        for (const part of parts) watcher?.written(part);
      });
      // A failure is thrown by the await above or at the end.
      writing.catch(() => undefined);
      for (const part of parts) hash.update(part);
      onBytes(bytes);
    };
    for await (const part of body) {
      batch.push(part);
      batched += part.length;
      bytes += part.length;
      if (isZip === undefined && bytes >= 4) isZip = beginsAsZip(Buffer.concat(batch));
      if (isZip === false) {
        if (bytes >= SHOWN) break;
        continue;
      }
      if (bytes > limits.archiveBytes) throw tooLong();
      pace.add(part.length, status);
      if (batched >= BATCH) await flush();
    }
    if (!isZip) throw notZip(Buffer.concat(batch), status);
    await flush();
    await writing;
    if (!(await onDisk(() => endsAsZip(file, bytes)))) {
      throw new ExchangeFault(
        "network",
        `the zip was cut after ${bytes} bytes: its end record is missing`,
        status,
      );
    }
    return { bytes, sha256: hash.digest("hex") };
  } catch (error) {
    await watcher?.failed();
    throw error;
  } finally {
    await writing.catch(() => undefined);
    await file.close();
  }
}

/** Tells a body that drips from one that flows. */
class Pace {
  #since: number;
  #bytes = 0;

  constructor(
    readonly limits: Pick<DownloadLimits, "slowBytesPerSecond" | "slowMs">,
    readonly elapsed: () => number,
  ) {
    this.#since = elapsed();
  }

  add(bytes: number, status: number): void {
    this.#bytes += bytes;
    const ms = this.elapsed() - this.#since;
    if (ms < this.limits.slowMs) return;
    if ((this.#bytes * 1000) / ms < this.limits.slowBytesPerSecond) {
      const seconds = Math.round(ms / 1000);
      throw new ExchangeFault(
        "network",
        `the body brought only ${this.#bytes} bytes in ${seconds} s`,
        status,
      );
    }
    this.#since += ms;
    this.#bytes = 0;
  }
}

async function writeAll(file: FileHandle, parts: Buffer[]): Promise<void> {
  const expected = parts.reduce((sum, part) => sum + part.length, 0);
  if (expected === 0) return;
  const { bytesWritten } = await file.writev(parts);
  if (bytesWritten === expected) return;
  for (let rest = Buffer.concat(parts).subarray(bytesWritten); rest.length > 0; ) {
    rest = rest.subarray((await file.write(rest)).bytesWritten);
  }
}

async function onDisk<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new ExchangeFault("disk", code);
  }
}

function notZip(head: Buffer, status: number): ExchangeFault {
  if (head.length === 0) return new ExchangeFault("notZip", "status 200 with nothing in it", status);
  const text = head
    .subarray(0, SHOWN)
    .toString("utf8")
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ".");
  return new ExchangeFault("notZip", `status 200 with something that is no zip; it begins: ${text}`, status);
}
