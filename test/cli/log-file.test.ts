import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openLogFile } from "../../src/cli/log-file.js";
import { createRedaction } from "../../src/cli/redaction.js";
import { emptyFolder } from "./run.js";

test("entries are appended, one JSON object a line, with the time and without secrets", () => {
  const path = join(emptyFolder(), "pull.log");
  const redaction = createRedaction();
  redaction.add("canary-key");
  for (const at of [0, 1000]) {
    const file = openLogFile(path, { now: () => at, redaction });
    file.log({ kind: "request", url: "https://canary-key@host/", rows: 5n });
    file.close();
  }
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { time: "1970-01-01T00:00:00.000Z", kind: "request", url: "https://[hidden]@host/", rows: "5" },
    { time: "1970-01-01T00:00:01.000Z", kind: "request", url: "https://[hidden]@host/", rows: "5" },
  ]);
  if (process.platform !== "win32") expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a log file that cannot be opened is wrong use", () => {
  const path = join(emptyFolder(), "none", "pull.log");
  expect(() => openLogFile(path, { now: Date.now, redaction: createRedaction() })).toThrow(
    /cannot be written/,
  );
});
