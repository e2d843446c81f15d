import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import type { FaultRule } from "../../src/emulator/fault.js";
import { parseFault } from "../../src/emulator/parse-fault.js";
import { type Emulator, startEmulator } from "../../src/emulator/start-emulator.js";
import { hourStart } from "../../src/hour.js";
import { ask, hour, linesIn, unzip } from "./emulated.js";

const END = hour("2026-11-22T23");
const HOUR = "20261121T07";
let emulator: Emulator;

async function start(...faults: readonly (string | FaultRule)[]): Promise<void> {
  const rules = faults.map((fault) => (typeof fault === "string" ? parseFault(fault) : fault));
  emulator = await startEmulator(
    { end: END, days: 3, eventsPerDay: 1_500, faults: rules },
    { now: () => hourStart(END) + 30 * 3_600_000 },
  );
}
afterEach(() => emulator.close());

describe("a status", () => {
  test.each([
    ["429:retry-after=7", 429, "7"],
    ["429:retry-after=soon", 429, "soon"],
    ["429", 429, undefined],
    ["429:retry-after-date=60", 429, "Tue, 24 Nov 2026 05:01:00 GMT"],
    ["500", 500, undefined],
    ["503:retry-after=1", 503, "1"],
    ["504", 504, undefined],
    ["401", 401, undefined],
    ["403", 403, undefined],
  ])("%s, once", async (fault, status, retryAfter) => {
    await start(fault);
    const answer = await ask(emulator, HOUR);
    expect([answer.status, answer.headers["retry-after"]]).toEqual([status, retryAfter]);
    expect((await ask(emulator, HOUR)).status).toBe(200);
    expect(emulator.requests.map((one) => one.fault)).toEqual(["status", null]);
  });

  test("too-large has the words of a real refusal for size", async () => {
    await start("too-large:hours-over=2,times=forever");
    const answer = await ask(emulator, "20261121T07", "20261121T09");
    expect([answer.status, answer.body.toString()]).toEqual([400, expect.stringContaining("limit of 4 GB")]);
    expect((await ask(emulator, "20261121T07", "20261121T08")).status).toBe(200);
    expect((await ask(emulator, "20261121T07", "20261121T10")).status).toBe(400);
  });

  test("redirect", async () => {
    await start("redirect:to=http://127.0.0.1:9/x?a=1,status=307");
    const answer = await ask(emulator, HOUR);
    expect([answer.status, answer.headers.location]).toEqual([307, "http://127.0.0.1:9/x?a=1"]);
  });
});

describe("a 200 that is no archive", () => {
  test.each([
    ["html", /^<!DOCTYPE html>/],
    ["json-error", /^\{"error": \{"http_code": 429/],
    ["empty", /^$/],
  ])("%s", async (fault, body) => {
    await start(fault);
    const answer = await ask(emulator, HOUR);
    expect([answer.status, answer.failure]).toEqual([200, null]);
    expect(answer.body.toString()).toMatch(body);
  });

  test("empty-zip", async () => {
    await start("empty-zip");
    expect(await unzip((await ask(emulator, HOUR)).body)).toEqual([]);
  });
});

describe("a cut body", () => {
  const bodyOf = async () => {
    await start();
    const { body } = await ask(emulator, HOUR);
    await emulator.close();
    return body;
  };

  test.each(["length", "chunked"])("is a failed connection when told by %s", async (framing) => {
    const whole = await bodyOf();
    for (const [at, bytes] of [
      ["first", 1],
      ["middle", Math.floor(whole.length / 2)],
      ["last", whole.length - 1],
    ] as const) {
      await start(`cut:at=${at},framing=${framing}`);
      const answer = await ask(emulator, HOUR);
      expect(answer.failure).not.toBeNull();
      expect(answer.body.length).toBe(bytes);
      expect(answer.body.equals(whole.subarray(0, bytes))).toBe(true);
      await emulator.close();
    }
  });

  test("is told by nothing when the connection's end is the body's", async () => {
    const whole = await bodyOf();
    await start("cut:at=last,framing=close");
    const answer = await ask(emulator, HOUR);
    expect([answer.failure, answer.body.length]).toEqual([null, whole.length - 1]);
  });
});

describe("time", () => {
  test("slow keeps to its rate", async () => {
    await start();
    const size = (await ask(emulator, HOUR)).body.length;
    emulator.inject(parseFault(`slow:bytes-per-second=${size * 2}`));
    const begin = performance.now();
    const answer = await ask(emulator, HOUR);
    expect(answer.body.length).toBe(size);
    expect(performance.now() - begin).toBeGreaterThan(400);
    expect(performance.now() - begin).toBeLessThan(3_000);
  });

  test.each([
    ["headers", 0],
    ["first", 1],
  ])("stall at %s sends nothing more", async (at, bytes) => {
    await start(`stall:at=${at}`);
    const answer = await ask(emulator, HOUR, HOUR, undefined, { timeoutMs: 150 });
    expect([answer.failure, answer.status, answer.body.length]).toEqual([
      "timeout",
      at === "headers" ? 0 : 200,
      bytes,
    ]);
  });

  test("delay waits, then answers as usual", async () => {
    await start("delay:ms=120");
    const begin = performance.now();
    expect((await ask(emulator, HOUR)).status).toBe(200);
    expect(performance.now() - begin).toBeGreaterThan(110);
  });

  test("reset", async () => {
    await start("reset");
    expect((await ask(emulator, HOUR)).failure).toBe("ECONNRESET");
  });
});

describe("a damaged member", () => {
  test.each([
    ["gzip-crc", /incorrect data check/],
    ["gzip-length", /incorrect length check/],
    ["gzip-end", /unexpected end of file/],
  ])("%s: the zip is right, the first member's gzip is not", async (fault, message) => {
    await start(fault);
    const [first, second] = await unzip((await ask(emulator, HOUR)).body);
    expect(() => gunzipSync(first!.content)).toThrow(message);
    expect(gunzipSync(second!.content).length).toBeGreaterThan(0);
  });

  test("zip-crc: the gzip is right, the zip's CRC is not", async () => {
    await start("zip-crc");
    const wrong = await ask(emulator, HOUR);
    const right = await ask(emulator, HOUR);
    const crcs = async (body: Buffer) => (await unzip(body)).map(({ crc32 }) => crc32);
    expect((await crcs(wrong.body))[0]).not.toBe((await crcs(right.body))[0]);
    expect((await crcs(wrong.body))[1]).toBe((await crcs(right.body))[1]);
    expect(await linesIn(wrong.body)).toEqual(await linesIn(right.body));
  });
});

describe("a plan", () => {
  test("matches the hour, the number of the request, and counts its times", async () => {
    await start("500:hour=2026-11-21T09,times=2", "504:request=3", "429:hour=2026-11-21T07,times=forever");
    const statuses: number[] = [];
    for (const of of [
      "20261121T08",
      "20261121T09",
      "20261121T08",
      "20261121T09",
      "20261121T09",
      HOUR,
      HOUR,
    ]) {
      statuses.push((await ask(emulator, of)).status);
    }
    expect(statuses).toEqual([200, 500, 504, 500, 200, 429, 429]);
  });

  test("does not count requests with wrong keys, and keeps faults of the body for an archive", async () => {
    await start("cut:framing=close", "500:request=3");
    expect((await ask(emulator, HOUR, HOUR, "a:b")).status).toBe(403);
    expect((await ask(emulator, "20260101T00")).status).toBe(404);
    expect((await ask(emulator, HOUR)).status).toBe(200);
    expect((await ask(emulator, HOUR)).status).toBe(500);
    expect(emulator.requests.map((one) => one.fault)).toEqual([null, null, "cut", "status"]);
  });
});
