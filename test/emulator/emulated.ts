import { request } from "node:http";
import { gunzipSync } from "node:zlib";
import yauzl from "yauzl";
import { HourPlanner } from "../../src/emulator/shop/hour-plan.js";
import { ndjsonOf } from "../../src/emulator/shop/members.js";
import { lastPlannedHour, type Shop } from "../../src/emulator/shop/shop.js";
import type { Emulator } from "../../src/emulator/start-emulator.js";
import { type Hour, hoursIn, parseHour } from "../../src/hour.js";

/** An hour that a test writes down. */
export function hour(text: string): Hour {
  const found = parseHour(text);
  if (!found) throw new Error(`${text} is not an hour`);
  return found;
}

/** A line of an export as a naive reader has it. */
export type Line = Readonly<Record<string, unknown>>;

/** Every line of `shop`, hour by hour, with the hour it was served for. */
export async function linesOf(shop: Shop): Promise<{ hour: Hour; text: string }[]> {
  const planner = new HourPlanner(shop);
  const lines: { hour: Hour; text: string }[] = [];
  for (const of of hoursIn({ from: shop.from, to: lastPlannedHour(shop) })) {
    for await (const piece of ndjsonOf(planner, of)) {
      for (const text of piece.toString().split("\n")) if (text) lines.push({ hour: of, text });
    }
  }
  return lines;
}

/** An answer as it came over the wire, however it ended. */
export interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
  /** The code or message of the failure of the connection, or null if the answer ended well. */
  readonly failure: string | null;
}

/** Asks `emulator` for an export with plain node:http; `keys` null sends none. */
export function ask(
  emulator: Emulator,
  start: string,
  end = start,
  keys: string | null = `${emulator.apiKey}:${emulator.secretKey}`,
  extra: { timeoutMs?: number; headers?: Record<string, string>; path?: string; method?: string } = {},
): Promise<Answer> {
  const authorization =
    keys === null ? {} : { authorization: `Basic ${Buffer.from(keys).toString("base64")}` };
  return new Promise((resolve) => {
    let status = 0;
    let headers: NodeJS.Dict<string | string[]> = {};
    const pieces: Buffer[] = [];
    const finish = (failure: string | null) => {
      resolve({ status, headers, body: Buffer.concat(pieces), failure });
      outgoing.destroy();
    };
    const path = extra.path ?? `/api/2/export?start=${start}&end=${end}`;
    const outgoing = request(
      emulator.url + path,
      { agent: false, method: extra.method ?? "GET", headers: { ...authorization, ...extra.headers } },
      (incoming) => {
        status = incoming.statusCode ?? 0;
        headers = incoming.headers;
        incoming.on("data", (piece: Buffer) => pieces.push(piece));
        incoming.on("end", () => finish(null));
        incoming.on("error", (error: NodeJS.ErrnoException) => finish(error.code ?? error.message));
      },
    );
    outgoing.on("error", (error: NodeJS.ErrnoException) => finish(error.code ?? error.message));
    if (extra.timeoutMs) setTimeout(() => finish("timeout"), extra.timeoutMs);
    outgoing.end();
  });
}

/** The entries of a zip in the order of its directory, read by yauzl. */
export function unzip(bytes: Buffer): Promise<{ name: string; crc32: number; content: Buffer }[]> {
  return new Promise((resolve, reject) => {
    const entries: { name: string; crc32: number; content: Buffer }[] = [];
    yauzl.fromBuffer(bytes, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      zip.on("error", reject);
      zip.on("end", () => resolve(entries));
      zip.on("entry", (entry: yauzl.Entry) => {
        zip.openReadStream(entry, (failed, stream) => {
          if (failed) return reject(failed);
          const pieces: Buffer[] = [];
          stream.on("error", reject);
          stream.on("data", (piece: Buffer) => pieces.push(piece));
          stream.on("end", () => {
            entries.push({ name: entry.fileName, crc32: entry.crc32, content: Buffer.concat(pieces) });
            zip.readEntry();
          });
        });
      });
      zip.readEntry();
    });
  });
}

/** The lines in all members of an archive. */
export async function linesIn(archive: Buffer): Promise<string[]> {
  const members = await unzip(archive);
  return members.flatMap(({ content }) => gunzipSync(content).toString().split("\n")).filter(Boolean);
}
