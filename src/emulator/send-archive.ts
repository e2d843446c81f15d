import { open } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { BodyPlace, Fault, Framing } from "./fault.js";
import type { PreparedEntry } from "./hour-store.js";
import { centralDirectory, localHeader, zipSize } from "./zip-writer.js";

/** Faults that befall a body while it is sent. */
export type BodyFault = Extract<Fault, { kind: "cut" | "slow" | "stall" }>;

const PIECES_A_SECOND = 20;
/** Bytes that are read and sent at a time. */
const PIECE = 2 ** 20;

/**
 * Streams the archive of `entries` as the answer, and resolves with the bytes that were handed to the
 * connection, when all is sent, the fault has happened, or the client has gone.
 */
export async function sendArchive(
  response: ServerResponse,
  entries: readonly PreparedEntry[],
  framing: Framing,
  fault?: BodyFault,
): Promise<number> {
  const total = zipSize(entries);
  frame(response, fault?.kind === "cut" ? fault.framing : framing, total);
  response.flushHeaders();
  const stopAt = fault?.kind === "cut" || fault?.kind === "stall" ? placeIn(total, fault.at) : total;
  const rate = fault?.kind === "slow" ? fault.bytesPerSecond : Number.POSITIVE_INFINITY;
  let sent = 0;
  for await (const piece of pieces(entries)) {
    const part = piece.subarray(0, stopAt - sent);
    if (part.length > 0 && !(await write(response, part, rate))) return sent;
    sent += part.length;
    if (sent >= stopAt && stopAt < total) break;
  }
  if (fault?.kind === "stall") return sent;
  if (fault?.kind === "cut") response.socket?.end();
  else response.end();
  return sent;
}

function frame(response: ServerResponse, framing: Framing, total: number): void {
  response.statusCode = 200;
  response.setHeader("Content-Type", "application/zip");
  if (framing === "length") response.setHeader("Content-Length", total);
  if (framing === "close") {
    response.useChunkedEncodingByDefault = false;
    response.shouldKeepAlive = false;
  }
}

function placeIn(total: number, at: BodyPlace | "headers"): number {
  return at === "headers" ? 0 : at === "first" ? 1 : at === "middle" ? Math.floor(total / 2) : total - 1;
}

/** A piece is to be used before the next is asked for: they share their memory, for buffers by the thousand cost more than all else. */
async function* pieces(entries: readonly PreparedEntry[]): AsyncGenerator<Buffer> {
  const room = Buffer.allocUnsafe(PIECE);
  for (const entry of entries) {
    yield localHeader(entry);
    if (typeof entry.content !== "string") yield entry.content;
    else yield* readInto(room, entry.content);
  }
  yield centralDirectory(entries);
}

async function* readInto(room: Buffer, path: string): AsyncGenerator<Buffer> {
  const file = await open(path);
  try {
    for (;;) {
      const { bytesRead } = await file.read(room);
      if (bytesRead === 0) return;
      yield room.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** Writes `part` at `rate` bytes a second; false when the client has gone. */
async function write(response: ServerResponse, part: Buffer, rate: number): Promise<boolean> {
  const size = Math.max(1, Math.min(part.length, Math.floor(rate / PIECES_A_SECOND)));
  for (let at = 0; at < part.length; at += size) {
    if (rate !== Number.POSITIVE_INFINITY) await sleep((size / rate) * 1000, undefined, { ref: false });
    if (!(await flushed(response, part.subarray(at, at + size)))) return false;
  }
  return true;
}

function flushed(response: ServerResponse, part: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    if (response.destroyed || !response.socket) return resolve(false);
    const gone = () => resolve(false);
    response.once("close", gone);
    response.write(part, (error) => {
      response.off("close", gone);
      resolve(!error);
    });
  });
}
