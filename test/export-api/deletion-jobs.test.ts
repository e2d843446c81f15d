import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CancelledError, CredentialsError, DownloadError, UsageError } from "../../src/errors/index.js";
import { readDeletionAnswer } from "../../src/export-api/deletion-answer.js";
import { checkDays, defaultDays, splitDays } from "../../src/export-api/deletion-days.js";
import { askDeletionJobs, type DeletionJobsRequest } from "../../src/export-api/deletion-jobs.js";
import { REAL_EFFECTS } from "../../src/export-api/effects.js";
import { chooseEndpoint, deletionsEndpoint } from "../../src/export-api/endpoint.js";
import { answer, cut, type ScriptedServer, startScriptedServer } from "./scripted-server.js";

const KEYS = { apiKey: "an-api-key", secretKey: "a-secret-key" };
const job = (day: string, status: string, ...ids: (number | string)[]) =>
  `{"day":"${day}","status":"${status}","amplitude_ids":[${ids
    .map((id) => `{"amplitude_id":${id},"requester":"eva@example.com","requested_on_day":"2026-11-01"}`)
    .join(",")}]}`;
const DAYS = { from: "2026-11-01", to: "2026-11-30" };

let server: ScriptedServer;
beforeAll(async () => {
  server = await startScriptedServer();
});
afterAll(() => server[Symbol.asyncDispose]());

function ask(days = DAYS, more: Partial<DeletionJobsRequest> = {}) {
  const waits: number[] = [];
  const effects = {
    ...REAL_EFFECTS,
    sleep: async (ms: number) => waits.push(ms),
    random: () => 1,
    env: {},
  };
  const endpoint = deletionsEndpoint(server.endpoint);
  return { waits, jobs: askDeletionJobs(days, { endpoint, credentials: KEYS, ...more }, effects) };
}

describe("days", () => {
  test("the default is one request of 180 days, 30 of them ahead", () => {
    const days = defaultDays(Date.parse("2026-11-23T23:59:00Z"));
    expect(days).toEqual({ from: "2026-06-27", to: "2026-12-23" });
    expect(splitDays(days)).toEqual([days]);
    expect(splitDays({ ...days, from: "2026-06-26" })).toHaveLength(2);
  });

  test("a long range is cut into neighbours of no more than six months, and none twice", () => {
    expect(splitDays({ from: "2024-01-01", to: "2024-12-31" })).toEqual([
      { from: "2024-01-01", to: "2024-06-28" },
      { from: "2024-06-29", to: "2024-12-25" },
      { from: "2024-12-26", to: "2024-12-31" },
    ]);
    expect(splitDays({ from: "2024-02-29", to: "2024-02-29" })).toHaveLength(1);
  });

  test.each([
    ["2026-02-29", "2026-03-01", /not a day/],
    ["2026-02-01", "2026-3-1", /not a day/],
    ["2026-02-01", "2026-02-01T05", /not a day/],
    ["2026-02-02", "2026-02-01", /end before they begin/],
    ["2017-12-31", "2026-02-01", /before 2018/],
    ["2026-02-01", "9999-02-01", /more than 50 years/],
  ])("%s to %s is wrong use", (from, to, words) => {
    expect(() => checkDays({ from, to })).toThrow(words);
    expect(() => checkDays({ from, to })).toThrow(UsageError);
  });
});

describe("the body", () => {
  test("ids are exact beyond 2^53, statuses in lower case, unknown fields passed over", () => {
    const body = `[${job("2026-11-03", "Submitted", "9007199254740993")},{"app":5,${job("2026-11-04", "done").slice(1)}]`;
    expect(readDeletionAnswer(body)).toEqual({
      kind: "jobs",
      jobs: [
        { day: "2026-11-03", status: "submitted", amplitudeIds: ["9007199254740993"] },
        { day: "2026-11-04", status: "done", amplitudeIds: [] },
      ],
    });
  });

  test("a text that looks like an id inside another value stays a text", () => {
    const requester = '"requester":"\\"amplitude_id\\":7,"';
    const body = `[${job("2026-11-03", "done", 5).replace('"requester":"eva@example.com"', requester)}]`;
    expect(readDeletionAnswer(body)).toMatchObject({ jobs: [{ amplitudeIds: ["5"] }] });
  });

  test.each([
    ["", "nothing"],
    ["<html>", "text that is not JSON"],
    [`[${job("2026-11-03", "done", 5)}`, "text that is not JSON"],
    ["{}", "JSON that is not a list"],
    [`[${job("2026-11-03", "done")},7]`, "a list whose entry 2 has no day"],
    ['[{"status":"done","amplitude_ids":[]}]', "a list whose entry 1 has no day"],
    ['[{"day":"2026-11-03","amplitude_ids":[]}]', "a list whose entry 1 has no status"],
    ['[{"day":"2026-11-03","status":"done"}]', "a list whose entry 1 has no list of amplitude_ids"],
    [`[${job("2026-11-03", "done", 5, "null")}]`, "an amplitude_id that is no whole number"],
    [`[${job("2026-11-03", "done", "5.5")}]`, "an amplitude_id that is no whole number"],
    [`[${job("2026-11-03", "done", "1e3")}]`, "an amplitude_id that is no whole number"],
    [`[${job("2026-11-03", "done", "-5")}]`, "an amplitude_id that is no whole number"],
  ])("%s is %s", (body, found) => {
    expect(readDeletionAnswer(body)).toMatchObject({ kind: "other", found: expect.stringContaining(found) });
  });
});

describe("asking", () => {
  test("the address, the days and the keys go out as documented; a year takes three requests, a second apart", async () => {
    server.script(
      answer(200, `[${job("2026-01-02", "done", 1)}]`),
      answer(200, "[]"),
      answer(200, `[${job("2026-12-31", "staging", 2)}]`),
    );
    const { jobs, waits } = ask({ from: "2026-01-01", to: "2026-12-31" });
    expect((await jobs).map(({ day }) => day)).toEqual(["2026-01-02", "2026-12-31"]);
    expect(waits).toEqual([1000, 1000]);
    expect(server.requests.map(({ url }) => url)).toEqual([
      "/api/2/deletions/users?start_day=2026-01-01&end_day=2026-06-29",
      "/api/2/deletions/users?start_day=2026-06-30&end_day=2026-12-26",
      "/api/2/deletions/users?start_day=2026-12-27&end_day=2026-12-31",
    ]);
    const pair = Buffer.from(`${KEYS.apiKey}:${KEYS.secretKey}`).toString("base64");
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(
      Array(3).fill(`Basic ${pair}`),
    );
  });

  test("the endpoints are Amplitude's own for the regions", () => {
    const urls = [{}, { region: "eu" } as const].map((of) => deletionsEndpoint(chooseEndpoint(of)).url);
    expect(urls).toEqual([
      "https://amplitude.com/api/2/deletions/users",
      "https://analytics.eu.amplitude.com/api/2/deletions/users",
    ]);
  });

  test("a busy server is asked again when it says so; cut, empty and foreign answers are never taken for no jobs", async () => {
    const whole = `[${job("2026-11-02", "done", 1)}]`;
    const retries: string[] = [];
    server.script(
      answer(429, "Too Many Requests", { "retry-after": "7" }),
      answer(503),
      cut(Buffer.from("[]"), 50),
      cut(Buffer.from(whole.slice(0, 40))),
      answer(200, ""),
      answer(200, "<html>Sign in</html>"),
      answer(200, whole),
    );
    const { jobs, waits } = ask(DAYS, { onRetry: ({ reason }) => retries.push(reason) });
    expect(await jobs).toEqual([{ day: "2026-11-02", status: "done", amplitudeIds: ["1"] }]);
    expect(waits).toEqual([7000, 2000, 4000, 8000, 16000, 32000]);
    expect(retries.map((reason) => reason.slice(0, 36))).toEqual([
      "status 429: Too Many Requests",
      "status 503 without a word",
      "the connection was cut (ECONNRESET)",
      "status 200 with text that is not JSO",
      "status 200 with nothing, where a lis",
      "status 200 with text that is not JSO",
    ]);
  });

  test("it gives up in the end, and says what it met", async () => {
    server.script(answer(429, "Too Many Requests"));
    const { jobs, waits } = ask(DAYS, { limits: { attempts: 3 } });
    await expect(jobs).rejects.toThrow(/status 429: Too Many Requests \(asked 3 times/);
    expect(waits).toHaveLength(2);
  });

  test.each([
    [401, "Unauthorized", CredentialsError, /keys were refused.*status 401/],
    [403, "Invalid API Key", CredentialsError, /keys were refused.*status 403/],
    [404, "Not Found", DownloadError, /status 404: Not Found/],
    [400, "Range is too large", DownloadError, /status 400: Range is too large/],
    [302, "", DownloadError, /redirects/],
  ])("status %i is final, in one request, and no key is told", async (status, body, kind, words) => {
    server.script(
      answer(status, `${body} ${KEYS.secretKey}`, status === 302 ? { location: "http://a.b/" } : {}),
    );
    const error: unknown = await ask().jobs.catch((error: unknown) => error);
    expect(error).toBeInstanceOf(kind);
    expect(String(error)).toMatch(words);
    expect(JSON.stringify(error) + String(error)).not.toContain(KEYS.secretKey);
    expect(server.requests).toHaveLength(1);
  });

  test("a signal ends it", async () => {
    const abort = new AbortController();
    server.script(() => abort.abort());
    await expect(ask(DAYS, { signal: abort.signal }).jobs).rejects.toThrow(CancelledError);
  });
});
