import { createHash, randomUUID } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { openInput } from "../archive/index.js";
import { HourPlanner } from "../emulator/shop/hour-plan.js";
import { ndjsonOf } from "../emulator/shop/members.js";
import { lastPlannedHour, resolveShop, type ShopOptions } from "../emulator/shop/shop.js";
import { CancelledError } from "../errors/index.js";
import { type Hour, type HourRange, hoursIn } from "../hour.js";
import { Ingest } from "./ingest.js";
import { openOrCreateTable } from "./open-table.js";
import type { Progress, Totals } from "./report.js";
import { Tally } from "./totals.js";

/** Which synthetic events to write, and where to. */
export interface WriteLakeOptions extends ShopOptions {
  /** Folder of the lake; made if there is none. */
  readonly lake: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** NDJSON that is written before it is decoded, in bytes. */
const PIECE_BYTES = 128 * 2 ** 20;
const COMMIT_BYTES = 4 * PIECE_BYTES;

/**
 * Writes the emulator's events straight into a lake, without archives and requests, for benchmarks of any size.
 * They go the same way as loaded files from the decoder on. Throws LakeError, CancelledError.
 */
export async function writeLake(options: WriteLakeOptions): Promise<Totals> {
  const shop = resolveShop(options);
  const planner = new HourPlanner(shop);
  const range = { from: shop.from, to: lastPlannedHour(shop) };
  const ingest = await Ingest.open(openOrCreateTable(options.lake), options);
  try {
    const { table } = ingest;
    const tally = new Tally();
    const commits: Promise<unknown>[] = [];
    const commit = async () => {
      const batch = await ingest.seal();
      commits.push(
        ingest
          .commit(batch, async () => ({
            ...{ operation: "load" as const, source: { id: "files", project: "emulator" }, requests: [] },
            ...{ hours: new Map(), remove: [], basedOn: await table.refresh() },
          }))
          .then(
            (committed) =>
              committed.kind === "committed" && tally.add({ inputs: batch.inputs, hours: committed.hours }),
          ),
      );
      await commits.at(-2);
    };
    let decoding: Promise<void> = Promise.resolve();
    for await (const piece of pieces(planner, range, await table.stagingDir(), options.signal)) {
      await decoding;
      if (ingest.batchBytes >= COMMIT_BYTES) await commit();
      decoding = decodePiece(ingest, piece);
      decoding.catch(() => {});
    }
    await decoding;
    await commit();
    await Promise.all(commits);
    return tally.totals();
  } finally {
    await ingest.close();
  }
}

async function decodePiece(ingest: Ingest, { path, name, sha256 }: Piece): Promise<void> {
  const input = await openInput(path);
  try {
    await ingest.decode(input, name, sha256);
  } finally {
    await input.close();
    await rm(path);
  }
}

interface Piece {
  readonly path: string;
  readonly name: string;
  readonly sha256: string;
}

/** Whole hours of NDJSON in files of about `PIECE_BYTES`. */
async function* pieces(
  planner: HourPlanner,
  range: HourRange,
  folder: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Piece> {
  let hours: Hour[] = hoursIn(range);
  while (hours.length > 0) {
    const path = join(folder, `${randomUUID()}.ndjson`);
    const file = await open(path, "w");
    const hash = createHash("sha256");
    let [bytes, taken] = [0, 0];
    try {
      while (taken < hours.length && bytes < PIECE_BYTES) {
        if (signal?.aborted) {
          throw new CancelledError(
            "Writing was cancelled; what was committed stays.",
            "Write to a new folder.",
          );
        }
        for await (const buffer of ndjsonOf(planner, hours[taken]!)) {
          await file.write(buffer);
          hash.update(buffer);
          bytes += buffer.length;
        }
        taken += 1;
      }
    } finally {
      await file.close();
    }
    yield { path, name: `${hours[0]}_${hours[taken - 1]}.ndjson`, sha256: hash.digest("hex") };
    hours = hours.slice(taken);
  }
}
