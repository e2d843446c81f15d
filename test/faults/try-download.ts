import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect } from "vitest";
import type { DownloadLimits } from "../../src/export-api/limits.js";
import { pull } from "../../src/pipeline/pull.js";
import type { PullReport } from "../../src/pipeline/report.js";
import {
  effects,
  eventAt,
  expectWhole,
  lakeUuids,
  newPlace,
  noon,
  replayed,
  type Served,
  uuidsOf,
} from "../pipeline/scene.js";
import { type DownloadFault, formsOf } from "./download-faults.js";
import { startRawServer } from "./raw-server.js";

/** Keys that look otherwise in every encoding. */
export const API_KEY = "canary+7f3a/91c2=api";
export const SECRET_KEY = "canary%0b8d&44e1?secret";
/** Half a key is a leak as well. */
const FORMS = formsOf(`${API_KEY}:${SECRET_KEY}`).map((form) => form.slice(0, 12));

/** Requests for a window; few, so that a fault that stays for ever is over soon. */
export const ATTEMPTS = 4;
const MOST_REDIRECTS = 5;
const LIMITS: Partial<DownloadLimits> = {
  ...{ attempts: ATTEMPTS, idleMs: 100, headersMs: 2000, slowMs: 100, slowBytesPerSecond: 2000 },
};
const RANGE = { from: "2026-11-21", to: "2026-11-22" };
const FAULTY_HOUR = "06";

/** Two days of a few hours, one event in each, that hardly compress; the faults befall the first day. */
export const EVENTS: readonly Served[] = ["21", "22"].flatMap((day) =>
  ["01", FAULTY_HOUR, "13"].map((hour) =>
    eventAt(`2026-11-${day} ${hour}:15:00`, {
      event_properties: { noise: randomBytes(3000).toString("hex") },
    }),
  ),
);

/** What of the reference is in a lake. */
export type Held = "all" | "all but the hour" | "the other day" | "nothing";

/** What a fault came to. */
export interface Outcome {
  readonly held: Held;
  readonly said: "brought" | "refused" | string;
  readonly requests: number;
  readonly waits: readonly number[];
  /** What completed the lake once the fault was over. */
  readonly completedBy: "itself" | "pull" | "pull --refresh";
}

/**
 * Pulls through `fault`, which happens `times` times, then without it until the lake equals the reference. Every
 * state in between must be proven by verify, and no form of a key may stand in anything that was said or written.
 */
export async function tryDownload(fault: DownloadFault, times: number): Promise<Outcome> {
  const clock = noon();
  const emulator = await replayed(clock, EVENTS, { apiKey: API_KEY, secretKey: SECRET_KEY });
  const split = fault.forEver === "split";
  const server = await startRawServer(emulator, {
    ...{ answer: fault.answer, times },
    befalls: ({ start, end }) =>
      start <= `20261121T${FAULTY_HOUR}` && end >= `20261121T${FAULTY_HOUR}` && start.startsWith("20261121"),
  });
  try {
    const lake = await newPlace();
    const said: unknown[] = [];
    const waits: number[] = [];
    const run = async (options: object = {}) => {
      const progress = (entry: object) => void said.push(entry);
      const credentials = { apiKey: API_KEY, secretKey: SECRET_KEY };
      const given = { lake, credentials, endpoint: server.origin, concurrency: 1, ...RANGE, ...options };
      return pull(
        { ...given, onProgress: progress, log: progress },
        { ...effects(clock, waits), limits: LIMITS, env: {} },
      );
    };
    let report: PullReport | undefined;
    let error: Error | undefined;
    try {
      report = await run();
    } catch (thrown) {
      error = thrown as Error;
    }
    const [requests, waited] = [server.requests.length, [...waits]];
    const most = ATTEMPTS * (fault.name.startsWith("redirect") ? 1 + MOST_REDIRECTS : 1);
    expectInBudget(
      server.requests.map(({ start, end }) => `${start}-${end}`),
      most,
    );
    expectSilent([said, report, error], lake);
    const held = await heldBy(lake);
    await expectWhole(lake, clock);

    server.heal();
    let completedBy: Outcome["completedBy"] = "itself";
    if (held !== "all") {
      completedBy = "pull";
      said.push(await run());
      if ((await heldBy(lake)) !== "all") {
        completedBy = "pull --refresh";
        said.push(await run({ from: undefined, to: undefined, refresh: RANGE }));
      }
      expect(await heldBy(lake)).toBe("all");
      await expectWhole(lake, clock);
    }
    if (split && held !== "all") expect(held).toBe("all but the hour");
    expectSilent([said], lake);
    const words = error ? error.name : report?.refused.length ? "refused" : "brought";
    return { held, said: words, requests, waits: waited, completedBy };
  } finally {
    await server.close();
  }
}

/** No window is asked for more often than allowed. */
function expectInBudget(windows: readonly string[], most: number): void {
  for (const window of new Set(windows)) {
    const asked = windows.filter((other) => other === window).length;
    expect(asked, window).toBeLessThanOrEqual(most);
  }
}

async function heldBy(lake: string): Promise<Held> {
  const without = (day: string) => EVENTS.filter(({ server_upload_time: at }) => !at.startsWith(day));
  const states: [Held, readonly Served[]][] = [
    ["all", EVENTS],
    ["all but the hour", without(`2026-11-21 ${FAULTY_HOUR}`)],
    ["the other day", without("2026-11-21")],
    ["nothing", []],
  ];
  const uuids = (await lakeUuids(lake)).join();
  const found = states.find(([, events]) => uuidsOf(events).join() === uuids);
  expect(found, `the lake holds ${uuids}`).toBeDefined();
  return found![0];
}

function expectSilent(said: readonly unknown[], lake: string): void {
  const texts = [JSON.stringify(said), inspect(said, { depth: 20, showHidden: true, maxStringLength: null })];
  for (const thing of said) {
    for (let at: unknown = thing; at instanceof Error; at = at.cause) texts.push(at.stack ?? "", at.message);
  }
  const files = readdirSync(lake, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  for (const { parentPath, name } of files) {
    texts.push(name, readFileSync(join(parentPath, name), "latin1"));
  }
  for (const form of FORMS) {
    const hit = texts.find((text) => text.includes(form));
    if (hit === undefined) continue;
    const where = hit.indexOf(form);
    throw new Error(`A key leaked as ${form}: …${hit.slice(Math.max(0, where - 200), where + 100)}…`);
  }
}
