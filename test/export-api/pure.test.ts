import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CredentialsError, UsageError } from "../../src/errors/index.js";
import { answerText } from "../../src/export-api/answer-text.js";
import {
  chooseEndpoint,
  exportRequest,
  fingerprint,
  ProjectKeys,
  planWindows,
  redact,
  sourceId,
  splitWindow,
} from "../../src/export-api/index.js";
import { DEFAULT_BUDGET, nextTry, parseRetryAfter } from "../../src/export-api/retry.js";
import { judge } from "../../src/export-api/verdict.js";
import {
  addHours,
  type Hour,
  type HourRange,
  hourCount,
  hoursIn,
  lastSettledHour,
  parseHourRange,
  settledAt,
} from "../../src/hour.js";

const KEYS = { apiKey: "0123456789abcdef", secretKey: "fedcba9876543210" };
const range = (from: string, to: string): HourRange => parseHourRange(from, to)!;
const hours = (from: string, to: string): Hour[] => hoursIn(range(from, to));

describe("planWindows", () => {
  test("a day a request, cut at UTC midnight, gaps left out", () => {
    const wanted = [...hours("2026-11-21T22", "2026-11-23T03"), ...hours("2026-11-23T07", "2026-11-23T07")];
    expect(planWindows(wanted)).toEqual([
      range("2026-11-21T22", "2026-11-21T23"),
      range("2026-11-22T00", "2026-11-22T23"),
      range("2026-11-23T00", "2026-11-23T03"),
      range("2026-11-23T07", "2026-11-23T07"),
    ]);
  });

  test("other lengths, no hours, wrong lengths", () => {
    expect(planWindows(hours("2026-11-22", "2026-11-22"), 9).map(hourCount)).toEqual([9, 9, 6]);
    expect(planWindows(hours("2026-11-22", "2026-11-23"), 1)).toHaveLength(48);
    expect(planWindows(hours("2026-11-20", "2026-11-23"), 72).map(hourCount)).toEqual([72, 24]);
    expect(planWindows([])).toEqual([]);
    for (const wrong of [0, 1.5, -1, 8761]) expect(() => planWindows([], wrong)).toThrow(UsageError);
  });

  test("covers each hour exactly once, whatever the order and however often an hour is given", () => {
    const anyHour = fc.integer({ min: 0, max: 200 }).map((n) => addHours("2026-02-26T05" as Hour, n));
    fc.assert(
      fc.property(fc.array(anyHour), fc.integer({ min: 1, max: 60 }), (wanted, most) => {
        const windows = planWindows(wanted, most);
        expect(windows.flatMap(hoursIn)).toEqual([...new Set(wanted)].sort());
        for (const window of windows) expect(hourCount(window)).toBeLessThanOrEqual(most);
      }),
    );
  });

  test("splitWindow halves down to single hours and loses none", () => {
    const down = (window: HourRange): Hour[] => splitWindow(window)?.flatMap(down) ?? [window.from];
    expect(splitWindow(range("2026-11-22T00", "2026-11-22T04"))).toEqual([
      range("2026-11-22T00", "2026-11-22T02"),
      range("2026-11-22T03", "2026-11-22T04"),
    ]);
    expect(splitWindow(range("2026-11-22T05", "2026-11-22T05"))).toBeUndefined();
    expect(down(range("2026-11-22", "2026-11-22"))).toEqual(hours("2026-11-22", "2026-11-22"));
  });
});

test("an hour is settled exactly three hours after it began, or as long as asked", () => {
  const hour = "2026-11-23T05" as Hour;
  const at = Date.parse("2026-11-23T08:00:00Z");
  expect(settledAt(hour)).toBe(at);
  expect([lastSettledHour(at - 1), lastSettledHour(at)]).toEqual(["2026-11-23T04", hour]);
  expect([settledAt(hour, 4), lastSettledHour(at, 0)]).toEqual([at + 3_600_000, "2026-11-23T08"]);
});

describe("nextTry", () => {
  const most = () => 0.999_999;
  test("full jitter under a bound that doubles up to the cap", () => {
    const waits = [1, 2, 3, 4, 5, 6].map((attempts) =>
      nextTry({ attempts, elapsedMs: 0 }, DEFAULT_BUDGET, most),
    );
    expect(waits).toEqual(
      [1, 2, 4, 8, 16, 32].map((s) => ({ kind: "wait", ms: s * 1000, because: "backoff" })),
    );
    const many = { ...DEFAULT_BUDGET, attempts: 20 };
    expect(nextTry({ attempts: 15, elapsedMs: 0 }, many, most)).toMatchObject({ ms: 60_000 });
    expect(nextTry({ attempts: 3, elapsedMs: 0 }, DEFAULT_BUDGET, () => 0)).toMatchObject({ ms: 0 });
  });

  test("the server's wish outranks the guess, also where it is zero, but not the budget", () => {
    const state = { attempts: 1, elapsedMs: 0 };
    const ask = (retryAfterMs: number) => nextTry({ ...state, retryAfterMs }, DEFAULT_BUDGET, most);
    expect(ask(90_000)).toEqual({ kind: "wait", ms: 90_000, because: "retry-after" });
    expect(ask(0)).toMatchObject({ ms: 0, because: "retry-after" });
    expect(ask(1e15)).toMatchObject({
      kind: "giveUp",
      because: expect.stringContaining("asks to wait 1,000,000,000,000 s"),
    });
  });

  test("ends with the attempts or with the time", () => {
    expect(nextTry({ attempts: 7, elapsedMs: 0 }, DEFAULT_BUDGET, most)).toMatchObject({
      because: expect.stringContaining("asked 7 times"),
    });
    expect(nextTry({ attempts: 1, elapsedMs: 1_200_000 }, DEFAULT_BUDGET, most).kind).toBe("giveUp");
    expect(nextTry({ attempts: 6, elapsedMs: 1_199_000 }, DEFAULT_BUDGET, most)).toMatchObject({ ms: 1000 });
  });

  test.each([
    ["120", 120_000],
    [" 0 ", 0],
    ["1.5", 1500],
    ["Mon, 23 Nov 2026 05:02:00 GMT", 120_000],
    ["Mon, 23 Nov 2026 04:00:00 GMT", 0],
    ["99999999999", 99_999_999_999_000],
    ["soon", undefined],
    ["-5", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("Retry-After %s", (header, ms) => {
    expect(parseRetryAfter(header, Date.parse("2026-11-23T05:00:00Z"))).toBe(ms);
  });
});

describe("judge", () => {
  test.each([
    [404, "Raw data files were not found.", 24, "noData"],
    [404, "", 1, "noData"],
    [404, '{"error":{"metadata":{"details":"Raw data files were not found."}}}', 1, "noData"],
    [404, "<!DOCTYPE html><title>Not here</title>", 1, "refused"],
    [404, "404 page not found", 1, "refused"],
    [404, '{"detail":"Not Found"}', 1, "refused"],
    [401, "", 1, "credentials"],
    [403, "Invalid API Key", 24, "credentials"],
    [400, "", 24, "tooLarge"],
    [
      400,
      '{"error":{"http_code":400,"type":"unspecified","message":"Unspecified Error","metadata":{}}}',
      24,
      "tooLarge",
    ],
    [400, "The export is larger than 4GB. Shorten the time ranges.", 24, "tooLarge"],
    [400, "Too much data: file size exceeds the limit", 24, "tooLarge"],
    [400, "<html><title>400 Bad Request</title>", 24, "tooLarge"],
    [400, "The file is too large", 1, "retry"],
    [400, "Invalid start: expected YYYYMMDDTHH", 24, "refused"],
    [400, "end must not be in the future", 24, "refused"],
    [400, "This project is a portfolio view", 24, "refused"],
    [408, "", 24, "tooLarge"],
    [504, "<html><h1>504 Gateway Time-out</h1>", 2, "tooLarge"],
    [504, "", 1, "retry"],
    [413, "", 24, "tooLarge"],
    [429, "slow down", 24, "retry"],
    [500, "", 24, "retry"],
    [502, "", 1, "retry"],
    [599, "", 1, "retry"],
    [204, "", 1, "refused"],
    [410, "gone", 1, "refused"],
  ])("%i %j for %i hours: %s", (status, body, count, kind) => {
    expect(judge(status, body, count).kind).toBe(kind);
  });

  test("the words of Amplitude's JSON, of a page, and of plain text", () => {
    const json = {
      error: { http_code: 429, message: "Unspecified Error", metadata: { details: "cost 1800" } },
    };
    expect(answerText(JSON.stringify(json))).toBe("cost 1800");
    expect(answerText('{"error":"nope"}')).toBe("nope");
    expect(answerText("<html><style>b{}</style><body><h1>502</h1> Bad\nGateway")).toBe("502 Bad Gateway");
    expect(answerText("a\u001b[31mb\r\nc")).toBe("a [31mb c");
    expect(answerText("x".repeat(500))).toHaveLength(301);
  });
});

describe("the request", () => {
  const window = range("2026-11-22", "2026-11-22");

  test("both ends included, hours padded, Basic authentication, the body as it is", () => {
    const request = exportRequest(window, chooseEndpoint(), KEYS, "1.2.3");
    expect(request.url).toBe("https://amplitude.com/api/2/export?start=20261122T00&end=20261122T23");
    expect(request.headers).toEqual({
      authorization: `Basic ${btoa(`${KEYS.apiKey}:${KEYS.secretKey}`)}`,
      accept: "application/zip",
      "accept-encoding": "identity",
      "user-agent": "ampframe/1.2.3",
    });
  });

  test.each([
    [{}, "https://amplitude.com/api/2/export"],
    [{ region: "eu" as const }, "https://analytics.eu.amplitude.com/api/2/export"],
    [{ endpoint: "http://localhost:8080" }, "http://localhost:8080/api/2/export"],
    [{ endpoint: "http://127.0.0.1:8080/" }, "http://127.0.0.1:8080/api/2/export"],
    [{ endpoint: "http://[::1]:1" }, "http://[::1]:1/api/2/export"],
    [{ endpoint: "https://proxy.example/amplitude/" }, "https://proxy.example/amplitude/api/2/export"],
    [{ endpoint: "https://proxy.example/api/2/export" }, "https://proxy.example/api/2/export"],
    [{ endpoint: "http://proxy.example", insecureHttp: true }, "http://proxy.example/api/2/export"],
  ])("endpoint of %j", (options, url) => {
    expect(chooseEndpoint(options).url).toBe(url);
  });

  test.each([
    "http://proxy.example",
    "http://127.0.0.1.example.com",
    "ftp://localhost",
    "amplitude.com",
    "https://a.example/?x=1",
    "https://me:hunter2-secret@a.example",
  ])("endpoint %s is refused, without its password in the words", (endpoint) => {
    expect(() => chooseEndpoint({ endpoint })).toThrow(UsageError);
    expect(() => chooseEndpoint({ endpoint })).not.toThrow(/hunter2/);
  });
});

describe("credentials", () => {
  const keys = new ProjectKeys(KEYS);

  test("show their fingerprint only", () => {
    const shown = [
      String(keys),
      JSON.stringify({ keys }),
      inspect(keys, { showHidden: true }),
      inspect({ keys }),
      JSON.stringify({ ...keys }),
    ];
    for (const text of shown) {
      expect(text).not.toContain(KEYS.apiKey);
      expect(text).not.toContain(KEYS.secretKey);
    }
    expect(shown[0]).toContain(fingerprint(KEYS));
    expect([keys.apiKey, keys.secretKey]).toEqual([KEYS.apiKey, KEYS.secretKey]);
    expect(sourceId("eu", keys)).toMatch(/^eu-[0-9a-f]{12}$/);
  });

  test("are refused if they cannot be keys", () => {
    for (const apiKey of ["", "a b", "a:b", "a\n", "é"]) {
      expect(() => new ProjectKeys({ ...KEYS, apiKey })).toThrow(CredentialsError);
    }
  });

  test("are taken out of texts in every form", () => {
    const secret = "s/e+c r&t=ÿ";
    const pair = `${KEYS.apiKey}:${secret}`;
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    const forms = [
      secret,
      encodeURIComponent(secret),
      base64(pair),
      base64(secret),
      Buffer.from(secret).toString("hex"),
      KEYS.apiKey,
    ];
    const text = redact(`<${forms.join("|")}>`, { ...KEYS, secretKey: secret });
    expect(text).toBe(`<${forms.map(() => "[hidden]").join("|")}>`);
  });
});
