// A floor: ampframe's own gunzip and decoder over all members on all cores, every column decoded, nothing kept.
// Usage: floor-decoder.mjs MEMBERS
import { readdirSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { openInput } from "../../build/archive/index.js";
import { COLUMNS, compileDecoder, instantiateDecoder, Wants } from "../../build/decode/wasm.js";

const CHUNK = 256 * 1024;
const LINE_FEED = 10;

if (isMainThread) await decodeAll(process.argv[2] ?? "");
else parentPort?.postMessage(await decodeShare(workerData));

/**
 * Spreads the members over threads, each taking the next largest that is left, and prints what all have decoded.
 *
 * @param {string} dir
 */
async function decodeAll(dir) {
  const paths = readdirSync(dir)
    .map((name) => join(dir, name))
    .map((path) => ({ path, bytes: statSync(path).size }))
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ path }) => path);
  const share = { paths, next: new Int32Array(new SharedArrayBuffer(4)) };
  const threads = Array.from({ length: availableParallelism() - 1 }, () => shareOf(share));
  const parts = await Promise.all([decodeShare(share), ...threads]);
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const values = parts.reduce((sum, part) => sum + part.values, 0);
  console.log(JSON.stringify({ rows, values }));
}

/**
 * @typedef {{ readonly paths: readonly string[], readonly next: Int32Array }} Share
 * @typedef {{ rows: number, values: number }} Decoded
 *
 * @param {Share} share
 * @returns {Promise<Decoded>}
 */
function shareOf(share) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: share });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

/**
 * @param {Share} share
 * @returns {Promise<Decoded>}
 */
async function decodeShare({ paths, next }) {
  const wasm = await instantiateDecoder(await compileDecoder());
  const decoded = { rows: 0, values: 0 };

  function dropRows() {
    decoded.rows += wasm.rowCount.value;
    // The last column is `extra`, which is no field.
    for (let column = 0; column < COLUMNS.length - 1; column++) decoded.values += wasm.columnValues(column);
    wasm.clearRows();
  }

  /** @param {number} end */
  function decode(end) {
    for (let from = 0; ; from = wasm.decoded.value) {
      const wants = wasm.decode(from, end);
      if (wants === Wants.nothing) break;
      if (wants === Wants.rowsTaken) dropRows();
      else wasm.clearTables();
    }
    dropRows();
    wasm.clearTables();
  }

  for (let at = Atomics.add(next, 0, 1); at < paths.length; at = Atomics.add(next, 0, 1)) {
    const input = await openInput(/** @type {string} */ (paths[at]));
    wasm.startMember();
    for (const member of input.members) {
      let carry = 0;
      const target = () => {
        wasm.ensureInput(carry + CHUNK);
        return new Uint8Array(wasm.memory.buffer, wasm.input.value + carry, CHUNK);
      };
      /** @param {number} bytes */
      const take = (bytes) => {
        const length = carry + bytes;
        const end = new Uint8Array(wasm.memory.buffer, wasm.input.value, length).lastIndexOf(LINE_FEED) + 1;
        decode(end);
        new Uint8Array(wasm.memory.buffer, wasm.input.value, length).copyWithin(0, end, length);
        carry = length - end;
      };
      await input.read(member, { target, take });
      if (carry > 0) {
        wasm.ensureInput(carry + 1);
        new Uint8Array(wasm.memory.buffer, wasm.input.value, carry + 1)[carry] = LINE_FEED;
        decode(carry + 1);
      }
    }
    await input.close();
  }
  return decoded;
}
