import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { goodEvent } from "./arbitrary-event.js";
import { COLUMN_NAMES, Decoding } from "./decoding.js";
import { checkDecoded, expectedLines } from "./expected-member.js";

const decoding = Decoding.forThisFile();
const corpus = process.env.AMPFRAME_CORPUS;
const skipped = corpus === undefined ? " (skipped: AMPFRAME_CORPUS is not set)" : "";
const PROPERTIES = COLUMN_NAMES.indexOf("event_properties");
const LINE_FEED = 10;

function filesIn(folder: string, ending: string): string[] {
  const path = join(corpus ?? "", folder);
  if (corpus === undefined || !existsSync(path)) return [];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(path, name));
}

/** JSON text without the white space around it. */
function trimmed(bytes: Uint8Array): Buffer {
  return Buffer.from(
    Buffer.from(bytes)
      .toString("latin1")
      .replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ""),
    "latin1",
  );
}

describe.skipIf(corpus === undefined)(`JSONTestSuite as event properties${skipped}`, () => {
  test("good JSON comes as it is, bad JSON is rejected, and its neighbours come through", async () => {
    const cases = filesIn("json/test_parsing", ".json")
      .map((path) => ({ name: path.replace(/.*[/\\]/, ""), text: trimmed(readFileSync(path)) }))
      .filter(({ text }) => !text.includes(LINE_FEED));
    const good = cases.filter(({ name }) => name.startsWith("y_"));
    const bad = cases.filter(({ name }) => name.startsWith("n_"));
    expect(good.length).toBeGreaterThan(80);
    expect(bad.length).toBeGreaterThan(170);

    const lineOf = (text: Buffer, uuid: string) =>
      Buffer.concat([
        Buffer.from(`${goodEvent(uuid).slice(0, -1)},"event_properties":`),
        text,
        Buffer.from("}\n"),
      ]);
    const member = Buffer.concat(
      [...good, ...bad].flatMap(({ text }, i) => [
        lineOf(text, `${i}`),
        Buffer.from(`${goodEvent("good")}\n`),
      ]),
    );
    const decoded = await decoding.use().decode([member]);
    const rows = await decoding.use().allRows(decoded);
    checkDecoded([member], decoded, rows);
    const properties = rows.map((row) => row[PROPERTIES]);
    expect(properties.filter((text) => text !== null)).toEqual(
      good.map(({ text }) => text.toString()).filter((text) => text !== "null"),
    );
    expect(decoded.rejected.map(({ line }) => bad[(line - 1) / 2 - good.length]?.name)).toEqual(
      bad.map(({ name }) => name),
    );
  });
});

describe.skipIf(corpus === undefined)(`real exports${skipped}`, () => {
  const files = [
    ...filesIn("exports", ".json"),
    ...filesIn("exports", ".txt"),
    ...filesIn("exports", ".zip"),
  ];
  test("there are some", () => expect(files.length).toBeGreaterThan(5));

  test.each(files.map((path) => [path.slice(corpus?.length)]))("%s", async (path) => {
    const member = readFileSync(join(corpus ?? "", path));
    const spreadOverLines = /^\s*[{[]\s*\n/.test(member.toString());
    if (spreadOverLines) {
      await expect(decoding.use().decode([member])).rejects.toThrow("spread over several lines");
      return;
    }
    const decoded = await decoding.use().decode([member]);
    checkDecoded([member], decoded, await decoding.use().allRows(decoded));
    const events = expectedLines(member).filter(({ raw }) => Buffer.from(raw).includes('"uuid"'));
    expect(decoded.members[0]?.loaded).toBe(events.length);
  });
});
