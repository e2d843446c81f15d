import { expect, test } from "vitest";
import type { FaultRule } from "../../src/emulator/fault.js";
import { parseFault } from "../../src/emulator/parse-fault.js";
import { hour } from "./emulated.js";

test.each<[string, FaultRule]>([
  ["429:retry-after=1,times=2", { fault: { kind: "status", status: 429, retryAfter: "1" }, times: 2 }],
  ["500:body=oh no", { fault: { kind: "status", status: 500, body: "oh no" } }],
  ["cut", { fault: { kind: "cut", at: "middle", framing: "length" } }],
  [
    "cut:at=last,framing=chunked,times=forever",
    { fault: { kind: "cut", at: "last", framing: "chunked" }, times: Number.POSITIVE_INFINITY },
  ],
  ["slow:bytes-per-second=9", { fault: { kind: "slow", bytesPerSecond: 9 } }],
  ["stall:at=headers", { fault: { kind: "stall", at: "headers" } }],
  [
    "gzip-crc:hour=2026-11-23T05",
    { fault: { kind: "damage", what: "gzipCrc" }, match: { hour: hour("2026-11-23T05") } },
  ],
  [
    "504:hours-over=6,request=2",
    { fault: { kind: "status", status: 504 }, match: { hoursOver: 6, request: 2 } },
  ],
  [
    "redirect:to=https://example.org/?a=b",
    { fault: { kind: "redirect", to: "https://example.org/?a=b", status: 302 } },
  ],
])("%s", (text, rule) => {
  expect(parseFault(text)).toEqual(rule);
});

test.each([
  ["teapot", /"teapot" is not a fault/],
  ["200", /"200" is not a fault/],
  ["429:retry", /"retry" is not a setting/],
  ["429:at=first", /"at" is not known/],
  ["cut:at=end", /not one of first, middle, last/],
  ["500:times=-1", /times is "-1"/],
  ["500:hour=yesterday", /hour is "yesterday"/],
  ["redirect", /to=URL is missing/],
])("%s is refused in words", (text, words) => {
  expect(() => parseFault(text)).toThrow(
    expect.objectContaining({ name: "UsageError", exitStatus: 2, message: expect.stringMatching(words) }),
  );
});
