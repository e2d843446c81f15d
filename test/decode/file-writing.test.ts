import { readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { Decoder } from "../../src/decode/decoder.js";
import { goodEvent } from "./arbitrary-event.js";
import { Decoding } from "./decoding.js";
import { checkDecoded } from "./expected-member.js";

type Write = (file: number, bytes: Uint8Array, at: number, length: number, position: number) => number;
const faults = vi.hoisted((): { writeSync?: Write } => ({}));

vi.mock("node:fs", async (original) => {
  const real = await original<typeof import("node:fs")>();
  const writeSync: Write = (...args) => (faults.writeSync ?? real.writeSync)(...args);
  return { ...real, writeSync };
});
const real = await vi.importActual<typeof import("node:fs")>("node:fs");

const decoding = Decoding.forThisFile();
afterEach(() => {
  delete faults.writeSync;
});

const lines = Array.from({ length: 17_000 }, (_, i) => goodEvent(`uuid-${i}`));

test("what the system does not take at once is written after it", async () => {
  const member = Buffer.from(lines.join("\n"));
  let partial = 0;
  faults.writeSync = (file, bytes, at, length, position) => {
    if (length > 1) partial += 1;
    return real.writeSync(file, bytes, at, Math.ceil(length / 2), position);
  };
  const decoded = await decoding.use().decode([member]);
  expect(partial).toBeGreaterThan(10);
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

/** A decoder, and what has it decode all lines and tells how many writes that took; `atWrite` is called before each. */
async function decodeWith(atWrite: (index: number) => void) {
  let writes = 0;
  faults.writeSync = (...args) => {
    atWrite(writes++);
    return real.writeSync(...args);
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
    return writes;
  };
  return { decoder, run };
}

test.runIf(process.platform === "linux").each([
  ["the first rows", 1],
  ["the rows in the middle", (all: number) => Math.floor(all / 2)],
  ["the footer", (all: number) => all - 1],
])("a disk that is full at %s fails the call, and abandon closes the file", async (_, place) => {
  const whole = await decodeWith(() => {});
  const full = typeof place === "number" ? place : place(whole.run());
  const { decoder, run } = await decodeWith((index) => {
    if (index === full) throw Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" });
  });
  expect(run).toThrow("ENOSPC");
  decoder.abandon();
  expect(openFiles()).toEqual([]);
});
