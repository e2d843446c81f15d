import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { Decoder } from "../../src/decode/decoder.js";
import { goodEvent } from "./arbitrary-event.js";
import { Decoding } from "./decoding.js";

const decoding = Decoding.forThisFile();
const MIB = 2 ** 20;

/** Lines of about 2 KB, 1 MiB in all, a different column being the long one in each `shape`. */
function block(shape: number): Buffer {
  const long = ["event_properties", "user_properties", "unknown", "city"][shape % 4];
  const lines: string[] = [];
  for (let i = 0, bytes = 0; bytes < MIB; i++) {
    const pairs = `"${long}":"${"x".repeat(1500)}","data":{"path":"/2/httpapi"},"device_id":"${"d".repeat(300)}"`;
    const line = goodEvent(`${shape}-${i}`).replace(/}$/, `,${pairs}}\n`);
    lines.push(line);
    bytes += line.length;
  }
  return Buffer.from(lines.join(""));
}

test("300 MB pass through less than 160 MiB of the decoder's memory", async () => {
  const decoder = await Decoder.create({
    filePath: decoding.use().filePath,
    onRejected: () => {},
    fileBytes: 4 * MIB,
  });
  const blocks = [0, 1, 2, 3].map(block);
  let rows = 0;
  let memory = 0;
  const takeFiles = () => {
    for (const file of decoder.takeFiles()) {
      rows += file.rows;
      rmSync(file.path);
    }
  };
  let bytes = 0;
  let linesFed = 0;
  decoder.startMember();
  for (let n = 0; bytes < 300 * MIB; n++) {
    const piece = blocks[Math.floor(n / 20) % blocks.length]!;
    for (let at = 0; at < piece.length; ) {
      const taken = piece.copy(decoder.target(), 0, at);
      decoder.take(taken);
      at += taken;
      takeFiles();
      memory = Math.max(memory, decoder.memoryBytes);
    }
    bytes += piece.length;
    linesFed += piece.toString("latin1").split("\n").length - 1;
  }
  const counts = decoder.endMember();
  decoder.endFiles();
  takeFiles();
  expect(counts).toMatchObject({ lines: linesFed, loaded: linesFed, quarantined: 0, blank: 0 });
  expect(rows).toBe(linesFed);
  expect(memory).toBeLessThan(160 * MIB);
});
