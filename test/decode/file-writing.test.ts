import { readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { Decoder } from "../../src/decode/decoder.js";
import { goodEvent } from "./arbitrary-event.js";
import { Decoding } from "./decoding.js";
import { checkDecoded } from "./expected-member.js";

type Writev = (file: number, parts: readonly Uint8Array[], position: number) => number;
const faults = vi.hoisted((): { writevSync?: Writev } => ({}));

vi.mock("node:fs", async (original) => {
  const real = await original<typeof import("node:fs")>();
  const writevSync: Writev = (...args) => (faults.writevSync ?? real.writevSync)(...args);
  return { ...real, writevSync };
});
const real = await vi.importActual<typeof import("node:fs")>("node:fs");

const decoding = Decoding.forThisFile();
afterEach(() => {
  delete faults.writevSync;
});

const lines = Array.from({ length: 17_000 }, (_, i) => goodEvent(`uuid-${i}`));

test("what the system does not take at once is written after it", async () => {
  const member = Buffer.from(lines.join("\n"));
  let writes = 0;
  faults.writevSync = (file, parts, position) => {
    writes += 1;
    const all = Buffer.concat(parts);
    return real.writeSync(file, all, 0, Math.floor(all.length / writes), position);
  };
  const decoded = await decoding.use().decode([member]);
  expect(writes).toBe(4);
  checkDecoded([member], decoded, await decoding.use().allRows(decoded));
});

/** Files in the test's folder that this process holds open. */
function openFiles(): string[] {
  const held = "/proc/self/fd";
  return readdirSync(held).flatMap((fd) => {
    try {
      const target = readlinkSync(join(held, fd));
      return target.startsWith(decoding.use().folder) ? [target] : [];
    } catch {
      return [];
    }
  });
}

test.runIf(process.platform === "linux").each([
  ["the first row group", 1],
  ["the second", 2],
  ["the footer", 3],
])("a disk that is full at %s fails the call, and abandon closes the file", async (_, full) => {
  let writes = 0;
  faults.writevSync = (...args) => {
    if (writes++ === full) throw Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" });
    return real.writevSync(...args);
  };
  const decoder = await Decoder.create({ filePath: decoding.use().filePath, onRejected: () => {} });
  const run = () => {
    decoder.startMember();
    const bytes = Buffer.from(lines.join("\n"));
    for (let at = 0; at < bytes.length; ) {
      const taken = bytes.copy(decoder.target(), 0, at);
      decoder.take(taken);
      at += taken;
    }
    decoder.endMember();
    decoder.endFiles();
  };
  expect(run).toThrow("ENOSPC");
  decoder.abandon();
  expect(openFiles()).toEqual([]);
});
