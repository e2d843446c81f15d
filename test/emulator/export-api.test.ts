import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/start-emulator.js";
import { hourStart } from "../../src/hour.js";
import { ask, hour, linesIn, unzip } from "./emulated.js";

const END = hour("2026-11-22T23");
const OPTIONS = { end: END, days: 3, eventsPerDay: 1_500 };
let now = hourStart(END) + 30 * 3_600_000;
let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator(OPTIONS, { now: () => now });
});
afterAll(() => emulator.close());

describe("keys", () => {
  test("without credentials: 401", async () => {
    expect((await ask(emulator, "20261121T00", "20261121T01", null)).status).toBe(401);
  });

  test.each(["demo-api-key:wrong", "wrong:demo-secret-key", ":", "demo-api-key:demo-secret-key:more"])(
    "with %s: 403 Invalid API Key",
    async (keys) => {
      const answer = await ask(emulator, "20261121T00", "20261121T01", keys);
      expect([answer.status, answer.body.toString()]).toEqual([403, "Invalid API Key"]);
    },
  );
});

describe("start and end", () => {
  test.each([
    ["", /"start": an hour/],
    ["start=20261121T00", /"end": an hour/],
    ["end=20261121T00", /"start": an hour/],
    ["start=2026-11-21T00&end=20261121T00", /"start": "2026-11-21T00" is not/],
    ["start=20261121T00&end=20261121T1", /"end": "20261121T1" is not/],
    ["start=20261121T00&end=20261121T24", /"end": "20261121T24" is not/],
    ["start=20261121T05&end=20261121T04", /before/],
    ["start=20250101T00&end=20261121T00", /365 days/],
    ["start=20261121T00&end=20270101T00", /future/],
  ])("%s: 400 in words that are not about size", async (query, words) => {
    const answer = await ask(emulator, "", "", undefined, { path: `/api/2/export?${query}` });
    expect(answer.status).toBe(400);
    expect(answer.body.toString()).toMatch(words);
    expect(answer.body.toString()).not.toMatch(/size|large|limit|exceed|shorten|GB/i);
  });

  test("365 days are allowed", async () => {
    expect((await ask(emulator, "20251123T00", "20261122T23")).status).toBe(200);
  });

  test("both ends are included, and an hour is never in two adjacent ranges", async () => {
    const day = await ask(emulator, "20261121T00", "20261121T23");
    const names = (await unzip(day.body)).map(({ name }) => name);
    const halves = [
      await ask(emulator, "20261121T00", "20261121T11"),
      await ask(emulator, "20261121T12", "20261121T23"),
    ];
    const ofHalves = (await Promise.all(halves.map(({ body }) => unzip(body))))
      .flat()
      .map(({ name }) => name);
    expect(ofHalves).toEqual(names);
    expect(new Set(names.map((name) => /_(\d+)#/.exec(name)?.[1]))).toEqual(
      new Set(Array.from({ length: 24 }, (_, i) => String(i))),
    );
  });

  test("a range is by server_upload_time in UTC", async () => {
    const { body } = await ask(emulator, "20261121T14", "20261121T15");
    const lines = await linesIn(body);
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) {
      expect(JSON.parse(line).server_upload_time).toMatch(/^2026-11-21 1[45]:/);
    }
  });
});

describe("the answer", () => {
  test("is a zip with the project's folder and its members, with its length", async () => {
    const answer = await ask(emulator, "20261121T07");
    expect(answer.headers["content-type"]).toBe("application/zip");
    expect(Number(answer.headers["content-length"])).toBe(answer.body.length);
    expect(answer.body.subarray(0, 4).toString("latin1")).toBe("PK\x03\x04");
    expect((await unzip(answer.body)).map(({ name }) => name)).toEqual([
      "312746/312746_2026-11-21_7#0.json.gz",
      "312746/312746_2026-11-21_7#1.json.gz",
    ]);
  });

  test("has the same bytes for an hour in whatever range and emulator", async () => {
    const hashes = async (from: Emulator, start: string, end: string) =>
      (await unzip((await ask(from, start, end)).body))
        .filter(({ name }) => name.includes("_9#"))
        .map(({ name, content }) => [name, createHash("sha256").update(content).digest("hex")]);
    const other = await startEmulator({ ...OPTIONS, compression: "deflate" }, { now: () => now });
    try {
      const alone = await hashes(emulator, "20261121T09", "20261121T09");
      expect(alone).toHaveLength(2);
      expect(await hashes(emulator, "20261121T03", "20261121T20")).toEqual(alone);
      expect(await hashes(other, "20261121T09", "20261121T11")).toEqual(alone);
    } finally {
      await other.close();
    }
  });

  test.each(["chunked", "close"] as const)("can come %s", async (framing) => {
    const other = await startEmulator({ ...OPTIONS, framing }, { now: () => now });
    try {
      const answer = await ask(other, "20261121T09");
      expect(answer.headers["content-length"]).toBeUndefined();
      expect(answer.headers["transfer-encoding"]).toBe(framing === "chunked" ? "chunked" : undefined);
      expect(await linesIn(answer.body)).toEqual(await linesIn((await ask(emulator, "20261121T09")).body));
    } finally {
      await other.close();
    }
  });

  test("above maxBytes: 400 in words about size, and a smaller range is answered", async () => {
    const small = await startEmulator({ ...OPTIONS, maxBytes: 60_000 }, { now: () => now });
    try {
      const day = await ask(small, "20261121T00", "20261121T23");
      expect([day.status, day.body.toString()]).toEqual([
        400,
        expect.stringMatching(/size.*limit.*Shorten/s),
      ]);
      expect((await ask(small, "20261121T05")).status).toBe(200);
    } finally {
      await small.close();
    }
  });

  test("to all hours together has all that the truth states", async () => {
    const { body } = await ask(emulator, "20261120T00", "20261122T23");
    const lines = await linesIn(body);
    const truth = emulator.truth();
    expect(lines.length).toBe(truth.lines);
    expect(new Set(lines.map((line) => /"uuid":"([^"]+)"/.exec(line)?.[1])).size).toBe(truth.events);
  });
});

describe("hours without data", () => {
  const noData = [404, "Raw data files were not found."];
  const statusOf = async (start: string, end = start) => {
    const { status, body } = await ask(emulator, start, end);
    return status === 404 ? [status, body.toString()] : [status];
  };

  test("before the first and after the last hour: 404", async () => {
    expect(await statusOf("20261119T23")).toEqual(noData);
    expect(await statusOf("20261123T02")).toEqual(noData);
  });

  test("an hour is there three hours after its start, by the emulator's clock", async () => {
    const before = now;
    now = hourStart(hour("2026-11-22T15")) - 1;
    expect(emulator.hours()).toEqual({ from: "2026-11-20T00", to: "2026-11-22T11" });
    expect(await statusOf("20261122T12")).toEqual(noData);
    expect(await statusOf("20261122T14")).toEqual(noData);
    const { body } = await ask(emulator, "20261122T10", "20261122T14");
    expect(new Set((await unzip(body)).map(({ name }) => /_(\d+)#/.exec(name)?.[1]))).toEqual(
      new Set(["10", "11"]),
    );
    expect(await statusOf("20261122T14", "20261122T15")).toEqual([400]);
    now++;
    expect(await statusOf("20261122T12")).toEqual([200]);
    now = before;
  });
});

describe("strangers", () => {
  test.each([
    [{ host: "evil.example:80" }, 421],
    [{ origin: "https://evil.example" }, 403],
    [{ host: "localhost:1" }, 200],
  ])("with %o: %i", async (headers, status) => {
    expect((await ask(emulator, "20261121T07", undefined, undefined, { headers })).status).toBe(status);
  });

  test("other paths and methods are refused", async () => {
    expect((await ask(emulator, "", "", undefined, { path: "/api/2/funnels" })).status).toBe(404);
    expect((await ask(emulator, "20261121T07", undefined, undefined, { method: "POST" })).status).toBe(405);
  });
});

test("every request for an export is recorded", async () => {
  const fresh = await startEmulator(OPTIONS, { now: () => now });
  try {
    await ask(fresh, "20261121T05", "20261121T06");
    await ask(fresh, "20261010T05");
    await ask(fresh, "nonsense");
    await ask(fresh, "20261121T05", "20261121T05", "a:b");
    expect(fresh.requests.map(({ start, end, status }) => [start, end, status])).toEqual([
      ["20261121T05", "20261121T06", 200],
      ["20261010T05", "20261010T05", 404],
      ["nonsense", "nonsense", 400],
      ["20261121T05", "20261121T05", 403],
    ]);
    expect(fresh.requests[0]!.bytes).toBeGreaterThan(1_000);
    expect(Math.abs(fresh.requests[0]!.at - Date.now())).toBeLessThan(60_000);
  } finally {
    await fresh.close();
  }
});

test("a port that is taken is refused in words", async () => {
  const port = Number(new URL(emulator.url).port);
  await expect(startEmulator({ port })).rejects.toThrow(
    expect.objectContaining({ name: "UsageError", message: expect.stringContaining(`127.0.0.1:${port}`) }),
  );
});

test("prepared hours are not made again", async () => {
  const fresh = await startEmulator(OPTIONS, { now: () => now });
  try {
    const begin = performance.now();
    await fresh.prepare();
    const start = performance.now();
    const answer = await ask(fresh, "20261120T00", "20261122T23");
    expect(answer.status).toBe(200);
    expect(performance.now() - start).toBeLessThan(start - begin);
  } finally {
    await fresh.close();
  }
});

test("a client that leaves while the archive is made does not keep the next from its answer", async () => {
  const fresh = await startEmulator({ ...OPTIONS, eventsPerDay: 20_000 }, { now: () => now });
  try {
    const left = await ask(fresh, "20261120T00", "20261122T23", undefined, { timeoutMs: 60 });
    expect(left.failure).toBe("timeout");
    expect((await ask(fresh, "20261122T23")).status).toBe(200);
    expect(fresh.requests.map(({ status }) => status)).toEqual([0, 200]);
  } finally {
    await fresh.close();
  }
});
