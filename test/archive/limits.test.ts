import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { openInput } from "../../src/archive/index.js";
import { ArchiveError, CancelledError } from "../../src/errors/index.js";
import { buildZip } from "./build-zip.js";
import { readAll, save } from "./scratch.js";

const LINES = Buffer.from('{"event_type":"view"}\n'.repeat(10_000));
const zipOf = (count: number) =>
  buildZip(Array.from({ length: count }, (_, i) => ({ name: `${i}.json.gz`, data: gzipSync(LINES) })));

test("more entries than allowed", async () => {
  const path = save("many.zip", zipOf(5));
  await expect(readAll(path, { limits: { entries: 4 } })).rejects.toThrow(/5 entries, the limit is 4/);
  await expect(readAll(path, { limits: { entries: 5 } })).resolves.toBeDefined();
});

test("a member, or all of them, with more bytes than allowed", async () => {
  const path = save("large.zip", zipOf(3));
  const size = LINES.length;
  await expect(readAll(path, { limits: { memberBytes: size - 1 } })).rejects.toThrow(
    /0\.json\.gz: it holds at least 220000 bytes of NDJSON, the limit is 219999/,
  );
  await expect(readAll(path, { limits: { memberBytes: size } })).resolves.toBeDefined();
  await expect(readAll(path, { limits: { totalBytes: 3 * size - 1 } })).rejects.toThrow(
    /^large\.zip: it holds at least 660000 bytes of NDJSON, the limit is 659999/,
  );
  await expect(readAll(path, { limits: { totalBytes: 3 * size } })).resolves.toBeDefined();
});

test("a plain file is not limited, since it does not unfold", async () => {
  const limits = { memberBytes: 10, totalBytes: 10, ratio: 0.1 };
  await expect(readAll(save("plain.json", LINES), { limits })).resolves.toBeDefined();
});

test("a bomb is refused on the way, within little memory", async () => {
  const bomb = gzipSync(Buffer.alloc(200 * 2 ** 20));
  const input = await openInput(save("bomb.json.gz", bomb));
  const target = new Uint8Array(256 * 1024);
  const before = process.memoryUsage().arrayBuffers;
  let given = 0;
  const take = (bytes: number) => {
    given += bytes;
  };
  const reading = input.read(input.members[0]!, { target: () => target, take });
  await expect(reading).rejects.toThrow(/unfold to at least \d+, the limit is 500 to one/);
  await input.close();
  expect(given).toBeLessThanOrEqual(bomb.length * 500);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * 2 ** 20);
  const bombInZip = buildZip([{ name: "b.json.gz", data: bomb, deflate: true }]);
  await expect(readAll(save("bomb.zip", bombInZip))).rejects.toThrow(ArchiveError);
});

test("an entry whose directory promises a bomb is refused before a byte is read", async () => {
  const path = save(
    "promise.zip",
    buildZip([{ name: "z.json", data: Buffer.alloc(100 * 2 ** 20), deflate: true }]),
  );
  await expect(openInput(path)).rejects.toThrow(/the limit is 500 to one/);
});

test("an aborted signal ends opening and reading with CancelledError, and the file can be closed", async () => {
  const path = save("abort.json.gz", gzipSync(Buffer.alloc(8 * 2 ** 20, "x")));
  await expect(openInput(path, { signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
  const input = await openInput(path);
  const controller = new AbortController();
  const target = new Uint8Array(65_536);
  let fills = 0;
  const take = () => {
    if (++fills === 3) controller.abort();
  };
  const reading = input.read(input.members[0]!, { target: () => target, take }, controller.signal);
  await expect(reading).rejects.toThrow(CancelledError);
  expect(fills).toBe(3);
  await input.close();
});

test("a member of 500 MB passes in flat memory, without holding up the event loop", async () => {
  const input = await openInput(
    save("big.json.gz", gzipSync(Buffer.alloc(500e6, '{"event_type":"view"}\n'))),
    {
      limits: { ratio: 5000 },
    },
  );
  const target = new Uint8Array(256 * 1024);
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  let turns = 0;
  const ticker = setInterval(() => turns++, 1);
  const take = () => {
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  };
  await input.read(input.members[0]!, { target: () => target, take });
  clearInterval(ticker);
  await input.close();
  expect(most).toBeLessThan(2 * 2 ** 20);
  expect(turns).toBeGreaterThan(5);
});
