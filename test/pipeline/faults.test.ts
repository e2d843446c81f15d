import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { beforeAll, expect, test } from "vitest";
import type { Fault, FaultMatch, FaultRule } from "../../src/emulator/fault.js";
import type { DownloadLimits } from "../../src/export-api/limits.js";
import type { Hour } from "../../src/hour.js";
import type { PullReport } from "../../src/pipeline/report.js";
import {
  bring,
  countsOf,
  emulated,
  eventAt,
  expectWhole,
  lakeUuids,
  newPlace,
  noon,
  replayed,
  type Served,
  uuidsOf,
} from "./scene.js";

const API_KEY = "canary7f3a91c2apikey";
const SECRET_KEY = "canary0b8d44e1secret";
const FORMS = [API_KEY, SECRET_KEY, `${API_KEY}:${SECRET_KEY}`].flatMap((key) => [
  key,
  Buffer.from(key).toString("base64").replace(/=+$/, ""),
  Buffer.from(key).toString("hex"),
]);

/** Two days, one event in each of some hours; the faults befall the first. */
const days = { from: "2026-11-21", to: "2026-11-22" };
const FIRST = "2026-11-21T06" as Hour;
let events: Served[];
beforeAll(() => {
  events = ["21", "22"].flatMap((day) =>
    ["01", "06", "07", "13", "20"].map((hour) =>
      eventAt(`2026-11-${day} ${hour}:15:00.000001`, { event_properties: { hour, text: "é".repeat(400) } }),
    ),
  );
});
const ofDay = (day: string) => uuidsOf(events.filter(({ server_upload_time: at }) => at.startsWith(day)));

interface Try {
  readonly limits?: Partial<DownloadLimits>;
  readonly concurrency?: number;
}

/** One pull under faults, and all that was said in it. */
async function tryPull(rules: readonly FaultRule[], { limits = {}, concurrency = 2 }: Try = {}) {
  const clock = noon();
  const emulator = await replayed(clock, events, { faults: rules, apiKey: API_KEY, secretKey: SECRET_KEY });
  const lake = await newPlace();
  const said: unknown[] = [];
  const waits: number[] = [];
  const sleep = async (ms: number) => {
    waits.push(ms);
  };
  let report: PullReport | undefined;
  let error: (Error & { wayOut?: string }) | undefined;
  try {
    const options = {
      ...{ ...days, concurrency },
      onProgress: (progress: object) => said.push(progress),
      log: (entry: object) => said.push(entry),
    };
    ({ report } = await bring(emulator, clock, lake, options, { limits, sleep }));
  } catch (thrown) {
    error = thrown as Error;
  }
  const text = [JSON.stringify([said, report, error]), inspect([said, report, error], { depth: 20 })];
  text.push(error?.stack ?? "", error?.wayOut ?? "", ...filesOf(lake));
  for (const form of FORMS) expect(text.some((piece) => piece.includes(form))).toBe(false);
  const again = () => bring(emulator, clock, lake, days);
  return { clock, emulator, lake, report, error, waits, again };
}

function filesOf(lake: string): string[] {
  const files = readdirSync(lake, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return files.map((file) => readFileSync(join(file.parentPath, file.name), "latin1"));
}

const onFirst = (fault: Fault, times = 1, match: FaultMatch = {}): FaultRule => {
  return { fault, times, match: { hour: FIRST, ...match } };
};
const status = (code: number, more: object = {}): Fault => ({ kind: "status", status: code, ...more });

test.each<[string, Fault, number, number[]?, Partial<DownloadLimits>?]>([
  ["429 with Retry-After", status(429, { retryAfter: "2" }), 1, [2000]],
  ["429 thrice, without", status(429), 3, [1000, 2000, 4000]],
  ["500", status(500), 1, [1000]],
  ["502 six times", status(502), 6, [1000, 2000, 4000, 8000, 16_000, 32_000]],
  ["503 with Retry-After", status(503, { retryAfter: "30" }), 1, [30_000]],
  ["cut after the first byte", { kind: "cut", at: "first", framing: "length" }, 1],
  ["cut in the middle", { kind: "cut", at: "middle", framing: "length" }, 2],
  ["cut before the last byte", { kind: "cut", at: "last", framing: "length" }, 1],
  ["cut chunks", { kind: "cut", at: "middle", framing: "chunked" }, 1],
  ["cut before the last byte, in chunks", { kind: "cut", at: "last", framing: "chunked" }, 1],
  ["cut in the middle, told by nothing", { kind: "cut", at: "middle", framing: "close" }, 1],
  ["cut before the last byte, told by nothing", { kind: "cut", at: "last", framing: "close" }, 1],
  ["reset", { kind: "reset" }, 2],
  ["a page instead", { kind: "html" }, 1],
  ["a JSON error instead", { kind: "jsonError" }, 1],
  ["nothing instead", { kind: "empty" }, 1],
  ["a wrong gzip CRC", { kind: "damage", what: "gzipCrc" }, 1, []],
  ["a wrong gzip length", { kind: "damage", what: "gzipLength" }, 2, []],
  ["a member cut short", { kind: "damage", what: "gzipEnd" }, 1, []],
  ["a wrong CRC in the zip", { kind: "damage", what: "zipCrc" }, 1, []],
  ["a stall in the body", { kind: "stall", at: "middle" }, 1, [1000], { idleMs: 150 }],
  ["a slow body", { kind: "slow", bytesPerSecond: 40 }, 1, [1000], { slowMs: 150, slowBytesPerSecond: 5000 }],
])("%s is asked again, and all is brought once", async (_, fault, times, waited, limits = {}) => {
  const { clock, emulator, lake, report, error, waits, again } = await tryPull([onFirst(fault, times)], {
    limits,
  });
  expect(error).toBeUndefined();
  expect(report).toMatchObject({ refused: [], loaded: 10, duplicates: 0, requests: 2 + times });
  await expect.poll(() => emulator.requests.length).toBe(2 + times);
  if (waited) expect(waits).toEqual(waited);
  else expect(waits.length).toBe(times);
  expect(await lakeUuids(lake)).toEqual(uuidsOf(events));
  await expectWhole(lake, clock);
  expect((await again()).requests).toEqual([]);
});

test.each<[string, Fault, number, RegExp]>([
  ["429 as often as allowed", status(429), 7, /429.*asked 7 times/],
  ["429 that asks for an hour", status(429, { retryAfter: "3600" }), 1, /429.*wait 3,600 s/],
  ["503 as often as allowed", status(503), 7, /503.*asked 7 times/],
  ["a page instead", { kind: "html" }, 7, /Sign in/],
  ["a JSON error instead", { kind: "jsonError" }, 7, /Too Many Requests/],
  ["nothing instead", { kind: "empty" }, 7, /empty|0 bytes|nothing/],
  ["damage each time", { kind: "damage", what: "gzipCrc" }, 3, /CRC/],
  [
    "a 400 about something else",
    status(400, { body: "Invalid parameter start" }),
    1,
    /Invalid parameter start/,
  ],
  ["a redirect elsewhere", { kind: "redirect", to: "http://127.0.0.1:9/else" }, 1, /127.0.0.1:9/],
])(
  "%s: the window is refused for now, the other is brought, the next pull completes",
  async (_, fault, times, reason) => {
    const { clock, emulator, lake, report, error, again } = await tryPull([onFirst(fault, times)]);
    expect(error).toBeUndefined();
    expect(report?.refused).toEqual([
      {
        what: "2026-11-21T00 to 2026-11-21T23",
        reason: expect.stringMatching(reason),
        wayOut: expect.stringMatching(/\w{3}/),
      },
    ]);
    expect(emulator.requests.length).toBe(1 + times);
    expect(await lakeUuids(lake)).toEqual(ofDay("2026-11-22"));
    expect(countsOf(await expectWhole(lake, clock)).refused ?? 0).toBe(0);
    const { requests, report: next } = await again();
    expect(requests).toEqual(["20261121T00-20261121T23"]);
    expect(next.refused).toEqual([]);
    expect(await lakeUuids(lake)).toEqual(uuidsOf(events));
    await expectWhole(lake, clock);
  },
);

test.each<[string, Fault, Partial<DownloadLimits>?]>([
  ["504", status(504)],
  ["408", status(408)],
  ["413", status(413)],
  ["no answer in time", { kind: "stall", at: "headers" }, { headersMs: 150 }],
])("%s for a window of several hours splits it at once", async (_, fault, limits = {}) => {
  const rule = onFirst(fault, Number.POSITIVE_INFINITY, { hoursOver: 6 });
  const { clock, emulator, lake, report, waits } = await tryPull([rule], { limits });
  expect(report).toMatchObject({ refused: [], loaded: 10 });
  expect(emulator.requests.map(({ start, end }) => `${start}-${end}`).sort()).toEqual(
    [
      "20261121T00-20261121T11",
      "20261121T00-20261121T23",
      "20261121T00-20261121T05",
      "20261121T06-20261121T11",
      "20261121T12-20261121T23",
      "20261122T00-20261122T23",
    ].sort(),
  );
  expect(waits).toEqual([]);
  expect(await lakeUuids(lake)).toEqual(uuidsOf(events));
  await expectWhole(lake, clock);
});

test("504 for one hour, for ever: it alone is refused, for good, after its retries", async () => {
  const { clock, emulator, lake, report, again } = await tryPull([
    onFirst(status(504), Number.POSITIVE_INFINITY),
  ]);
  expect(report?.refused).toMatchObject([{ what: FIRST, reason: expect.stringMatching(/504/) }]);
  expect(report?.refused[0]?.wayOut).toMatch(/S3/);
  expect(emulator.requests.filter(({ start, end }) => start === end && start === "20261121T06")).toHaveLength(
    7,
  );
  const without = events.filter(({ server_upload_time: at }) => !at.startsWith("2026-11-21 06"));
  expect(await lakeUuids(lake)).toEqual(uuidsOf(without));
  expect(countsOf(await expectWhole(lake, clock))).toMatchObject({ refused: 1 });
  expect((await again()).requests).toEqual([]);
});

test.each([
  [401, /did not reach/],
  [403, /refused/],
])("%i stops at once, names the likely cause and commits nothing", async (code, words) => {
  const { emulator, lake, error } = await tryPull([{ fault: status(code), times: 9 }], { concurrency: 1 });
  expect(error).toMatchObject({
    name: "CredentialsError",
    exitStatus: 2,
    message: expect.stringMatching(words),
  });
  expect(error?.wayOut).toMatch(/key/);
  expect(emulator.requests).toHaveLength(1);
  expect(await lakeUuids(lake)).toEqual([]);
});

test("wrong keys are refused, and the right ones then go on", async () => {
  const clock = noon();
  const emulator = await replayed(clock, events);
  const lake = await newPlace();
  const credentials = { apiKey: emulator.apiKey, secretKey: SECRET_KEY };
  const failed = bring(emulator, clock, lake, { ...days, credentials });
  await expect(failed).rejects.toMatchObject({
    ...{ name: "CredentialsError", message: expect.stringMatching(/Invalid API Key/) },
    wayOut: expect.stringMatching(/--region eu/),
  });
  await failed.catch((error) => expect(inspect(error)).not.toContain(SECRET_KEY));
  await bring(emulator, clock, lake, days);
  expect(await lakeUuids(lake)).toEqual(uuidsOf(events));
  await expectWhole(lake, clock);
});

test("keys that a header cannot carry are refused without being shown", async () => {
  const clock = noon();
  const emulator = await replayed(clock, events);
  for (const bad of ["", "with\nnewline-s3cr3t", "schlüssel-s3cr3t", "a:b-s3cr3t"]) {
    const credentials = { apiKey: bad, secretKey: "x" };
    const failed = bring(emulator, clock, await newPlace(), { ...days, credentials });
    await expect(failed).rejects.toMatchObject({ name: "CredentialsError" });
    await failed.catch((error) => expect(inspect(error)).not.toContain("s3cr3t"));
  }
  expect(emulator.requests).toEqual([]);
});

test.each<[string, Fault]>([
  ["reset", { kind: "reset" }],
  ["cut", { kind: "cut", at: "middle", framing: "length" }],
])(
  "%s for ever: an error after the budget; what came before stays, the next pull completes",
  async (_, fault) => {
    const rule: FaultRule = { fault, times: 7, match: { hour: "2026-11-22T06" as Hour } };
    const { clock, emulator, lake, error, again } = await tryPull([rule], { concurrency: 1 });
    expect(error).toMatchObject({
      ...{ name: "DownloadError", exitStatus: 1 },
      message: expect.stringMatching(/Nothing came from .*7 times/),
      wayOut: expect.stringMatching(/goes on with what is missing/),
    });
    expect(emulator.requests).toHaveLength(8);
    expect(await lakeUuids(lake)).toEqual(ofDay("2026-11-21"));
    await expectWhole(lake, clock);
    expect((await again()).requests).toEqual(["20261122T00-20261122T23"]);
    expect(await lakeUuids(lake)).toEqual(uuidsOf(events));
    await expectWhole(lake, clock);
  },
);

test.each([
  ["http://127.0.0.1:1", /nothing listens/],
  ["https://no-such-host.invalid", /unknown|looked up/],
])("no server at %s: an error in words, and a lake that can be pulled into", async (endpoint, words) => {
  const clock = noon();
  const emulator = await replayed(clock, events);
  const lake = await newPlace();
  await expect(bring(emulator, clock, lake, { ...days, endpoint }, { env: {} })).rejects.toMatchObject({
    ...{ name: "DownloadError", message: expect.stringMatching(words) },
  });
  await bring(emulator, clock, lake, days);
  expect(await lakeUuids(lake)).toEqual(uuidsOf(events));
  await expectWhole(lake, clock);
});

test("an archive without members says that its hours are empty", async () => {
  const { clock, lake, report } = await tryPull([onFirst({ kind: "emptyZip" })]);
  expect(report).toMatchObject({ refused: [], loaded: 5 });
  expect(report?.empty).toContain("2026-11-21T06");
  const found = await expectWhole(lake, clock);
  expect(countsOf(found)).toEqual({ held: 5, empty: 43, missing: 10 });
});

test("faults of many kinds at once, over a busier project, leave nothing out and nothing twice", async () => {
  const clock = noon();
  const faults: FaultRule[] = [
    { fault: status(500), times: 2 },
    { fault: { kind: "cut", at: "middle", framing: "length" }, match: { request: 4 } },
    { fault: { kind: "damage", what: "gzipCrc" }, match: { request: 6 } },
    { fault: { kind: "html" }, match: { request: 7 } },
    { fault: status(504), times: 3, match: { hoursOver: 4, hour: "2026-11-22T15" as Hour } },
  ];
  const emulator = await emulated(clock, { faults, eventsPerDay: 600 });
  const lake = await newPlace();
  const { report } = await bring(emulator, clock, lake, { last: "3d", concurrency: 3 });
  const truth = emulator.truth();
  expect(report).toMatchObject({ refused: [], lines: truth.lines, duplicates: truth.lines - truth.events });
  expect(await lakeUuids(lake)).toHaveLength(truth.events);
  await expectWhole(lake, clock);
});
