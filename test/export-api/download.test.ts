import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { CancelledError, CredentialsError, DownloadError, isAmpframeError } from "../../src/errors/index.js";
import {
  type Answer,
  type DownloadEffects,
  type DownloadLogEntry,
  type DownloadOptions,
  type DownloadProgress,
  downloadWindow,
  ProjectKeys,
  REAL_EFFECTS,
} from "../../src/export-api/index.js";
import { type HourRange, parseHourRange } from "../../src/hour.js";
import { buildZip } from "../archive/build-zip.js";
import {
  answer,
  cut,
  type Scene,
  type ScriptedServer,
  stall,
  startScriptedServer,
} from "./scripted-server.js";

const KEYS = { apiKey: "canary-api-key-4711", secretKey: "canary-secret-key-0815" };
const DAY = parseHourRange("2026-11-22", "2026-11-22")!;
const HOUR = parseHourRange("2026-11-22T05", "2026-11-22T05")!;
const ZIP = buildZip([{ name: "1/1_2026-11-22_5#0.json.gz", data: Buffer.alloc(1_500_000, "noise ") }]);
const ok = answer(200, ZIP, { "content-type": "application/zip" });

let server: ScriptedServer;
let directory: string;
beforeAll(async () => {
  server = await startScriptedServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ampframe-download-"));
  return () => rmSync(directory, { recursive: true, force: true });
});

interface Run {
  readonly answer: Answer | undefined;
  readonly error: unknown;
  readonly requests: number;
  readonly waits: readonly number[];
  readonly progress: readonly DownloadProgress[];
  readonly log: readonly DownloadLogEntry[];
}

/** Downloads `window` against the script, with waits that pass at once; every run is searched for the keys. */
async function run(
  window: HourRange,
  scenes: Scene[],
  options: Partial<DownloadOptions> = {},
  effects: Partial<DownloadEffects> = {},
): Promise<Run> {
  server.script(...scenes);
  const waits: number[] = [];
  const progress: DownloadProgress[] = [];
  const log: DownloadLogEntry[] = [];
  let slept = 0;
  const all: DownloadEffects = {
    ...REAL_EFFECTS,
    elapsed: () => performance.now() + slept,
    sleep: async (ms) => {
      waits.push(ms);
      slept += ms;
    },
    random: () => 1,
    ...effects,
  };
  let result: Answer | undefined;
  let error: unknown;
  try {
    result = await downloadWindow(
      window,
      {
        endpoint: server.endpoint,
        credentials: new ProjectKeys(KEYS),
        directory,
        onProgress: (step) => progress.push(step),
        log: (entry) => log.push(entry),
        ...options,
      },
      all,
    );
  } catch (thrown) {
    error = thrown;
  }
  expectNoSecret(inspect({ result, error, progress, log }, { depth: 20, showHidden: true }));
  expect(readdirSync(directory)).toEqual(result?.kind === "archive" ? [expect.stringMatching(/\.zip$/)] : []);
  return { answer: result, error, requests: server.requests.length, waits, progress, log };
}

function expectNoSecret(text: string): void {
  const pair = `${KEYS.apiKey}:${KEYS.secretKey}`;
  for (const form of [KEYS.apiKey, KEYS.secretKey, btoa(pair), btoa(KEYS.secretKey)])
    expect(text).not.toContain(form);
}

describe("an archive", () => {
  test("is asked for once, streamed to disk under its hours, hashed", async () => {
    const { answer, requests, progress, log } = await run(DAY, [ok]);
    const path = join(directory, "20261122T00-20261122T23.zip");
    expect(answer).toEqual({
      kind: "archive",
      path,
      bytes: ZIP.length,
      sha256: createHash("sha256").update(ZIP).digest("hex"),
      status: 200,
      attempts: 1,
    });
    expect(readFileSync(path).equals(ZIP)).toBe(true);
    expect(requests).toBe(1);
    expect(server.requests[0]!.url).toBe("/api/2/export?start=20261122T00&end=20261122T23");
    expect(server.requests[0]!.headers).toMatchObject({
      authorization: `Basic ${btoa(`${KEYS.apiKey}:${KEYS.secretKey}`)}`,
      "accept-encoding": "identity",
      "user-agent": expect.stringMatching(/^ampframe\/\d+\.\d+\.\d+$/),
    });
    expect(progress[0]).toEqual({ kind: "requested", window: DAY, attempt: 1 });
    expect(progress.at(-1)).toEqual({ kind: "received", window: DAY, bytes: ZIP.length, total: ZIP.length });
    expect(log.map((entry) => entry.event)).toEqual(["request", "answer", "saved", "decision"]);
  });

  test("may be empty, and may come without a length", async () => {
    expect((await run(DAY, [answer(200, buildZip([]))])).answer).toMatchObject({
      kind: "archive",
      bytes: 22,
    });
    expect((await run(DAY, [cut(ZIP)])).answer).toMatchObject({
      kind: "archive",
      bytes: ZIP.length,
      attempts: 1,
    });
  });

  test("in chunks of a byte", async () => {
    const small = buildZip([{ name: "a.json", data: Buffer.from("{}") }]);
    const drip: Scene = (response) => {
      response.writeHead(200);
      let at = 0;
      const next = () => {
        if (at === small.length) return void response.end();
        response.write(small.subarray(at, ++at));
        setImmediate(next);
      };
      next();
    };
    expect((await run(DAY, [drip])).answer).toMatchObject({ kind: "archive", bytes: small.length });
  });
});

test("an archive of 100 MB passes in flat memory, however the connection ends", async () => {
  const piece = Buffer.alloc(1_000_000, "x");
  const end = buildZip([]);
  end.writeUInt32LE(100_000_000, 16);
  const large: Scene = (response) => {
    const socket = response.socket!;
    socket.write("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nPK\u0003\u0004");
    let sent = 4;
    const next = () => {
      if (sent === 100_000_000) return void socket.end(end);
      const part = piece.subarray(0, Math.min(piece.length, 100_000_000 - sent));
      sent += part.length;
      socket.write(part, next);
    };
    next();
  };
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }, 5);
  const { answer: got } = await run(DAY, [large]);
  clearInterval(watch);
  expect(got).toMatchObject({ kind: "archive", bytes: 100_000_022 });
  expect(most).toBeLessThan(40_000_000);
});

describe("faults of the body: once, then whole; for ever, then an error", () => {
  const quick = { limits: { idleMs: 400, slowMs: 400, slowBytesPerSecond: 10_000, attempts: 3 } };
  const reset: Scene = (response) => {
    response.writeHead(200, { "content-length": String(ZIP.length) });
    response.write(ZIP.subarray(0, 70_000), () =>
      (response.socket as unknown as { resetAndDestroy(): void }).resetAndDestroy(),
    );
  };
  const chunkCut: Scene = (response) => {
    response.writeHead(200);
    response.write(ZIP.subarray(0, 70_000), () => response.socket!.destroy());
  };
  const slow: Scene = (response) => {
    response.writeHead(200, { "content-length": String(ZIP.length) });
    let at = 4;
    response.write(ZIP.subarray(0, at));
    const timer = setInterval(() => response.write(ZIP.subarray(at, ++at)), 20);
    response.on("close", () => clearInterval(timer));
  };
  const faults: [string, Scene, RegExp][] = [
    ["no byte, connection closed", (response) => void response.socket!.destroy(), /connection was cut/],
    [
      "cut in the middle, length announced",
      cut(ZIP.subarray(0, 70_000), ZIP.length),
      /connection was cut|not as long/,
    ],
    ["cut in the middle, no length announced", cut(ZIP.subarray(0, 70_000)), /zip was cut after 70000 bytes/],
    ["cut one byte before the end", cut(ZIP.subarray(0, -1)), /zip was cut/],
    ["shorter length announced than sent", cut(ZIP, ZIP.length - 5), /zip was cut|connection failed/],
    ["reset", reset, /connection was cut/],
    ["cut between chunks", chunkCut, /connection was cut/],
    ["stalled", stall(ZIP.subarray(0, 1000)), /stopped coming/],
    ["a byte at a time", slow, /brought only \d+ bytes/],
  ];

  test.each(faults)("%s", async (_name, fault, reason) => {
    const once = await run(DAY, [fault, ok], quick);
    expect(once.error).toBeUndefined();
    expect(once.answer).toMatchObject({ kind: "archive", bytes: ZIP.length, attempts: 2 });
    expect(readFileSync(join(directory, "20261122T00-20261122T23.zip")).equals(ZIP)).toBe(true);
    expect(once.progress).toContainEqual({
      kind: "retry",
      window: DAY,
      reason: expect.stringMatching(reason),
      waitMs: 1000,
    });
    rmSync(join(directory, "20261122T00-20261122T23.zip"));

    const always = await run(DAY, [fault], quick);
    expect(always.error).toBeInstanceOf(DownloadError);
    expect(String(always.error)).toMatch(reason);
    expect([always.requests, always.waits]).toEqual([3, [1000, 2000]]);
  });

  test("the answer is not HTTP, or never ends its head", async () => {
    const garbage: Scene = (response) => void response.socket!.end("SSH-2.0-OpenSSH_9.6\r\n");
    const endless: Scene = (response) => {
      response.socket!.write("HTTP/1.1 200 OK\r\n");
      const timer = setInterval(() => response.socket!.write(`x-more: ${"a".repeat(900)}\r\n`), 5);
      response.socket!.on("close", () => clearInterval(timer));
    };
    for (const [scene, reason] of [
      [garbage, /not HTTP|connection was cut/],
      [endless, /not HTTP \(HPE_HEADER_OVERFLOW\)/],
    ] as const) {
      const { error, requests } = await run(HOUR, [scene], quick);
      expect(error).toBeInstanceOf(DownloadError);
      expect(String(error)).toMatch(reason);
      expect(requests).toBe(3);
    }
  });

  test("nothing listens", async () => {
    const gone = await startScriptedServer();
    await gone[Symbol.asyncDispose]();
    const { error, waits } = await run(DAY, [ok], { endpoint: gone.endpoint, limits: { attempts: 2 } });
    expect(error).toBeInstanceOf(DownloadError);
    expect(String(error)).toMatch(/nothing listens at that address \(ECONNREFUSED\)/);
    expect(waits).toEqual([1000]);
  });
});

describe("a 200 that is no zip is retried, then refused with its first bytes", () => {
  test.each([
    ["<html><body>Service temporarily down</body></html>", /it begins: <html><body>Service temporarily/],
    ['{"error":"Too Many Requests"}', /it begins: \{"error":"Too Many Requests"\}/],
    ["", /nothing in it/],
    ["PK", /it begins: PK/],
    [`key ${KEYS.secretKey} is wrong`, /key \[hidden\] is wrong/],
  ])("%j", async (body, reason) => {
    const once = await run(HOUR, [answer(200, body), ok]);
    expect(once.answer).toMatchObject({ kind: "archive", attempts: 2 });
    rmSync((once.answer as { path: string }).path);
    const always = await run(HOUR, [answer(200, body)], { limits: { attempts: 3 } });
    expect(always.answer).toMatchObject({
      kind: "refused",
      status: 200,
      attempts: 3,
      temporary: true,
      reason: expect.stringMatching(reason),
    });
  });
});

describe("statuses", () => {
  test("404 is no data, after one request", async () => {
    const { answer: got, requests } = await run(DAY, [answer(404, "Raw data files were not found.")]);
    expect(got).toEqual({ kind: "noData", status: 404, attempts: 1 });
    expect(requests).toBe(1);
  });

  test.each([400, 408, 504])(
    "%i for several hours asks for a split at once; an hour is retried, then refused",
    async (status) => {
      const several = await run(DAY, [answer(status)]);
      expect(several.answer).toMatchObject({ kind: "tooLarge", status, attempts: 1 });
      const single = await run(HOUR, [answer(status)], { limits: { attempts: 4 } });
      const attempts = status === 400 ? 2 : 4;
      expect(single.answer).toMatchObject({
        kind: "refused",
        status,
        attempts,
        temporary: false,
        wayOut: expect.stringContaining("Amazon S3"),
      });
      expect(single.requests).toBe(attempts);
    },
  );

  test("no answer in time: several hours are split, one is retried", async () => {
    const silent: Scene = () => undefined;
    const limits = { headersMs: 100, attempts: 2 };
    expect((await run(DAY, [silent], { limits })).answer).toMatchObject({
      kind: "tooLarge",
      status: 0,
      attempts: 1,
    });
    const single = await run(HOUR, [silent], { limits });
    expect(single.answer).toMatchObject({
      kind: "refused",
      status: 0,
      attempts: 2,
      reason: expect.stringContaining("no answer came in time"),
    });
  });

  test("a 400 that speaks of something else is shown, and neither split nor repeated", async () => {
    const { answer: got, requests } = await run(DAY, [answer(400, "Invalid end: it lies in the future")]);
    expect(got).toMatchObject({ kind: "refused", reason: "status 400: Invalid end: it lies in the future" });
    expect(requests).toBe(1);
  });

  test.each([401, 403])("%i stops at once and names key, secret and region", async (status) => {
    const { error, requests } = await run(DAY, [answer(status, `Invalid API Key ${KEYS.apiKey}`)]);
    expect(error).toBeInstanceOf(CredentialsError);
    expect(String(error)).toContain("Invalid API Key [hidden]");
    if (status === 403)
      expect((error as CredentialsError).wayOut).toMatch(/API key.*secret key.*--region eu/);
    expect(requests).toBe(1);
  });

  test.each([
    ["seconds", { "retry-after": "90" }, 90_000],
    [
      "a date, by the server's own clock",
      { "retry-after": "Sun, 22 Nov 2026 10:00:30 GMT", date: "Sun, 22 Nov 2026 10:00:00 GMT" },
      30_000,
    ],
    ["nothing", {}, 1000],
    ["nonsense", { "retry-after": "later" }, 1000],
  ])("429 with Retry-After of %s", async (_name, headers, wait) => {
    const { answer: got, waits } = await run(DAY, [answer(429, "", headers as Record<string, string>), ok]);
    expect(got).toMatchObject({ kind: "archive", attempts: 2 });
    expect(waits).toEqual([wait]);
  });

  test("a Retry-After beyond the budget is reported at once", async () => {
    const { answer: got, requests, waits } = await run(DAY, [answer(429, "", { "retry-after": "31536000" })]);
    expect(got).toMatchObject({
      kind: "refused",
      status: 429,
      temporary: true,
      reason: expect.stringContaining("asks to wait 31,536,000 s"),
    });
    expect([requests, waits]).toEqual([1, []]);
  });

  test.each([429, 500, 502, 503])(
    "%i k times, then an archive; for ever, then refused within the budget",
    async (status) => {
      const bad = answer(status, "busy");
      expect((await run(DAY, [bad, bad, bad, ok])).answer).toMatchObject({ kind: "archive", attempts: 4 });
      rmSync(join(directory, "20261122T00-20261122T23.zip"));
      const always = await run(DAY, [bad]);
      expect(always.answer).toMatchObject({ kind: "refused", status, attempts: 7, temporary: true });
      expect(always.waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000]);
    },
  );

  test("the time budget ends it too", async () => {
    const always = await run(DAY, [answer(503, "", { "retry-after": "100" })], {
      limits: { totalMs: 350_000 },
    });
    expect(always.waits).toEqual([100_000, 100_000, 100_000]);
    expect(always.answer).toMatchObject({ kind: "refused", attempts: 4 });
  });
});

describe("redirects", () => {
  const to = (location: string, status = 302): Scene => answer(status, "", { location });

  test("within the same origin are followed, with the keys", async () => {
    const { answer: got, requests } = await run(DAY, [to("/elsewhere?start=1"), to("/there", 307), ok]);
    expect(got).toMatchObject({ kind: "archive", attempts: 1 });
    expect(requests).toBe(3);
    expect(server.requests.map((r) => r.url)).toEqual([
      expect.stringContaining("/api/2/export"),
      "/elsewhere?start=1",
      "/there",
    ]);
    expect(server.requests[2]!.headers.authorization).toBeDefined();
  });

  test("to another origin are refused; nothing is sent there", async () => {
    await using other = await startScriptedServer();
    other.script(ok);
    const { answer: got, requests } = await run(DAY, [to(`${other.origin}/x?sig=abc`)]);
    expect(got).toMatchObject({
      kind: "refused",
      status: 302,
      reason: expect.stringContaining(`redirects to ${other.origin}`),
    });
    expect([requests, other.requests.length]).toEqual([1, 0]);
  });

  test("in a loop, or to nowhere, are refused", async () => {
    const loop = await run(DAY, [to("/again")]);
    expect(loop.answer).toMatchObject({
      kind: "refused",
      reason: expect.stringContaining("more than 5 times"),
    });
    expect(loop.requests).toBe(6);
    expect((await run(DAY, [answer(302)])).answer).toMatchObject({ kind: "refused" });
  });
});

describe("ends cleanly", () => {
  test("before, while waiting for an answer, in the body, and while waiting to retry", async () => {
    expect((await run(DAY, [ok], { signal: AbortSignal.abort() })).error).toBeInstanceOf(CancelledError);
    expect(server.requests).toHaveLength(0);
    for (const scene of [() => undefined, stall(ZIP.subarray(0, 700_000))]) {
      const begun = performance.now();
      const { error } = await run(DAY, [scene], { signal: AbortSignal.timeout(100) });
      expect(error).toBeInstanceOf(CancelledError);
      expect(performance.now() - begun).toBeLessThan(2000);
    }
    const waiting = await run(
      DAY,
      [answer(503, "", { "retry-after": "60" })],
      { signal: AbortSignal.timeout(100) },
      { sleep: REAL_EFFECTS.sleep },
    );
    expect(waiting.error).toBeInstanceOf(CancelledError);
  });

  test("where the archive is too long, or cannot be written", async () => {
    const limits = { archiveBytes: 1000 };
    expect((await run(DAY, [ok], { limits })).answer).toMatchObject({
      kind: "refused",
      reason: expect.stringContaining("more than 1000 bytes"),
    });
    expect((await run(DAY, [cut(ZIP)], { limits })).answer).toMatchObject({ kind: "refused" });
    const nowhere = join(directory, "nowhere");
    const { error } = await run(DAY, [ok], { directory: nowhere });
    expect(error).toBeInstanceOf(DownloadError);
    expect(String(error)).toContain(`cannot be written to ${nowhere}: ENOENT`);
    expect(isAmpframeError(error) && error.wayOut).toMatch(/make room/i);
    expect(existsSync(nowhere)).toBe(false);
  });
});
