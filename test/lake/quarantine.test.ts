import { readdir, readFile, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { QuarantinedLine } from "../../src/lake/quarantine.js";
import { newLake } from "./making.js";

const line = (raw: Buffer, number = 1): QuarantinedLine => ({
  ...{ input: "7.zip", member: "7/7_2026-11-20_5#0.json.gz", line: number, offset: number * 10 },
  ...{ reason: "not JSON", raw },
});

test("lines come back as they went in, text and bytes that are no text", async () => {
  const table = await newLake();
  const lines = [
    line(Buffer.from('{"a":')),
    line(Buffer.from("ünï\u2028\r"), 2),
    line(Buffer.from([0x7b, 0xff, 0xfe, 0x00]), 3),
    line(Buffer.alloc(0), 4),
  ];
  const written = await table.writeQuarantine(lines);
  expect(written).toMatchObject({ lines: 4, file: expect.stringMatching(/^[0-9a-f]{32}\.ndjson$/) });
  const back = [];
  for await (const one of table.quarantined(written?.file ?? "")) back.push(one);
  expect(back).toEqual(lines);
  const text = await readFile(table.filePath(`_ampframe/quarantine/${written?.file}`), "utf8");
  expect(JSON.parse(text.split("\n")[0] ?? "")).toEqual({ ...lines[0], raw: '{"a":' });
  expect(JSON.parse(text.split("\n")[2] ?? "")).toMatchObject({ rawBase64: "e//+AA==" });
});

test("many and long lines are streamed through, and the same lines have the same name", async () => {
  const table = await newLake();
  async function* many() {
    for (let i = 1; i <= 3000; i += 1) yield line(Buffer.from("x".repeat(i % 7 === 0 ? 5000 : 40)), i);
  }
  const [one, two] = [await table.writeQuarantine(many()), await table.writeQuarantine(many())];
  expect(one).toEqual(two);
  let count = 0;
  for await (const { line: number, raw } of table.quarantined(one?.file ?? "")) {
    count += 1;
    expect([number, raw.length]).toEqual([count, count % 7 === 0 ? 5000 : 40]);
  }
  expect(count).toBe(3000);
  expect(await readdir(table.filePath("_ampframe/quarantine"))).toEqual([one?.file]);
});

test("no lines make no file", async () => {
  const table = await newLake();
  expect(await table.writeQuarantine([])).toBeNull();
  expect(await readdir(table.filePath("_ampframe"))).not.toContain("quarantine");
});

test("a quarantine file that is gone, damaged or no such name is named in the error", async () => {
  const table = await newLake();
  const read = async (file: string) => {
    for await (const _ of table.quarantined(file));
  };
  const name = `${"0".repeat(32)}.ndjson`;
  await expect(read(name)).rejects.toThrow(`${name} is missing`);
  const written = await table.writeQuarantine([line(Buffer.from("x"))]);
  await writeFile(table.filePath(`_ampframe/quarantine/${written?.file}`), '{"raw":');
  await expect(read(written?.file ?? "")).rejects.toThrow("is damaged");
  await expect(read("../accounts/x.json")).rejects.toThrow("is not the name of a quarantine file");
});
