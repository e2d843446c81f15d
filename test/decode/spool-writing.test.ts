import { readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { Decoder } from "../../src/decode/decoder.js";
import { goodEvent } from "./arbitrary-event.js";
import { Decoding } from "./decoding.js";
import { checkDecoded } from "./expected-member.js";

type WriteDone = (error: NodeJS.ErrnoException | null, written: number) => void;
type Fault = (file: number, parts: Uint8Array[], position: number, done: WriteDone) => void;

const faults = vi.hoisted((): { writev?: Fault; writevSync?: () => number } => ({}));

vi.mock("node:fs", async (original) => {
  const real = await original<typeof import("node:fs")>();
  const writev = (file: number, parts: Uint8Array[], position: number, done: WriteDone) =>
    faults.writev ? faults.writev(file, parts, position, done) : real.writev(file, parts, position, done);
  const writevSync = (file: number, parts: Uint8Array[], position: number) =>
    faults.writevSync ? faults.writevSync() : real.writevSync(file, parts, position);
  return { ...real, writev, writevSync };
});
const real = await vi.importActual<typeof import("node:fs")>("node:fs");

const decoding = Decoding.forThisFile();
afterEach(() => {
  delete faults.writev;
  delete faults.writevSync;
});

const lines = Array.from({ length: 12_000 }, (_, i) => goodEvent(`uuid-${i}`));

test.each([
  ["whole", 1],
  ["short", 0.5],
])("rows are written though memory grows during a %s write", async (_, share) => {
  const long = "x".repeat(9 * 2 ** 20);
  const member = Buffer.from([...lines, long, goodEvent("last")].join("\n"));
  let memory = 0;
  let laterWrites = 0;
  let grownMeanwhile = 0;
  faults.writev = (file, parts, position, done) => {
    laterWrites += 1;
    const before = memory;
    const all = Buffer.concat(parts);
    const bytes = real.writeSync(file, all, 0, Math.floor(all.length * share), position);
    setTimeout(() => {
      grownMeanwhile += memory - before;
      done(null, bytes);
    }, 200);
  };
  const decoded = await decoding.use().decode([member], { onMemory: (bytes) => (memory = bytes) });
  checkDecoded([member], decoded, await decoding.use().allRows(decoded));
  expect(laterWrites).toBe(2);
  expect(grownMeanwhile).toBeGreaterThan(0);
});

/** Files in the test's folder that this process holds open. */
function openSpools(): string[] {
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

const noSpace = () => Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });

test.runIf(process.platform === "linux")(
  "a full disk fails the call, and abandon closes the spool",
  async () => {
    const broken: [string, () => void][] = [
      ["a row group", () => (faults.writev = (_, __, ___, done) => done(noSpace(), 0))],
      [
        "the footer",
        () => {
          let writes = 0;
          faults.writevSync = () => {
            if (writes++ === 0) return 4;
            throw noSpace();
          };
        },
      ],
    ];
    for (const [what, breakIt] of broken) {
      breakIt();
      const decoder = await Decoder.create({ spoolPath: decoding.use().spoolPath, onRejected: () => {} });
      const run = async () => {
        decoder.startMember();
        const bytes = Buffer.from(lines.join("\n"));
        for (let at = 0; at < bytes.length; ) {
          const target = decoder.target();
          const taken = bytes.copy(target, 0, at);
          decoder.take(taken);
          at += taken;
          await decoder.settle();
        }
        decoder.endMember();
        await decoder.endSpool();
      };
      await expect(run(), what).rejects.toThrow("ENOSPC");
      await decoder.abandon();
      expect(openSpools(), what).toEqual([]);
      delete faults.writev;
      delete faults.writevSync;
    }
  },
);
