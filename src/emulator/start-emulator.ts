import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { UsageError } from "../errors/index.js";
import { type Hour, type HourRange, hoursIn } from "../hour.js";
import { answerExport, type RequestRecord } from "./answer.js";
import { answerDeletions, type EmulatedDeletion } from "./deletions.js";
import { answerEventList, type EmulatedEvent } from "./event-list.js";
import { newestLoaded } from "./export-request.js";
import { FaultPlan, type FaultRule, type Framing } from "./fault.js";
import { type Compression, shopSource } from "./hour-source.js";
import { openHourStore } from "./hour-store.js";
import { openReplay } from "./replay-source.js";
import { shopDeletions } from "./shop/deletions.js";
import { HourPlanner } from "./shop/hour-plan.js";
import { lastPlannedHour, resolveShop, type ShopOptions } from "./shop/shop.js";
import { type Truth, type TruthOptions, tellTruth } from "./shop/truth.js";
import { EVENT_TYPES } from "./shop/visit.js";

/** What the emulator serves, and how. Without options: a shop of seven days up to now, on a free port. */
export interface EmulatorOptions extends ShopOptions {
  /** Default `demo-api-key`. */
  readonly apiKey?: string;
  /** Default `demo-secret-key`. */
  readonly secretKey?: string;
  /** Address to listen on. Default 127.0.0.1: reached from this machine only. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Hours from the start of an upload hour until it is loaded. Default 3, as in reality. */
  readonly settleHours?: number;
  /** Archives of more bytes are refused with 400. Default 4 GB (4 × 2^30), as in reality. */
  readonly maxBytes?: number;
  /** Default `store`. */
  readonly compression?: Compression;
  /** How an answer tells its end. Default `length`. */
  readonly framing?: Framing;
  /** What goes wrong on purpose. */
  readonly faults?: readonly FaultRule[];
  /** A folder of real files to serve instead of the shop. */
  readonly replay?: string;
  /**
   * The deletion jobs that the User Privacy API lists; or how many of the shop's people are in some: by thirds in a job that
   * is done, one that is submitted and one in staging. Default: no jobs.
   */
  readonly deletions?: readonly EmulatedDeletion[] | number;
  /** Event types of the shop that its Events List API says are marked inactive. Default: none. */
  readonly inactive?: readonly string[];
  /** Folder for prepared archives; a new folder is made in it and removed on close. Default: the system's. */
  readonly cacheDir?: string;
}

/** What an emulator takes from the world. */
export interface EmulatorEffects {
  /** The emulator's time, in milliseconds since 1970. */
  readonly now: () => number;
}

/** A running emulator of the Export API, of the User Privacy API's list of deletion jobs, and of the Events List API. */
export interface Emulator {
  /** Base URL, such as `http://127.0.0.1:8080`; the Export API is at `/api/2/export`, the jobs at `/api/2/deletions/users`, the event types at `/api/2/events/list`. */
  readonly url: string;
  readonly apiKey: string;
  readonly secretKey: string;
  readonly projectId: number;
  /** The hours with data, as far as they are loaded now; undefined while none is. */
  hours(): HourRange | undefined;
  /** Every request for an export, in the order in which they were answered. */
  readonly requests: readonly RequestRecord[];
  /** Every request for deletion jobs, in the order in which they were answered. */
  readonly deletionRequests: readonly RequestRecord[];
  /** Every request for the event types, in the order in which they were answered. */
  readonly eventListRequests: readonly RequestRecord[];
  /**
   * What the lines of all loaded hours say when read without a fault. Throws UsageError for a replayed
   * folder, of which nothing is known.
   */
  truth(options?: TruthOptions): Truth;
  /** Makes the archives of `range` (default: all loaded hours) before they are asked for. */
  prepare(range?: HourRange): Promise<void>;
  /** Adds faults after those of the options. */
  inject(...rules: readonly FaultRule[]): void;
  /** Ends all connections and removes the prepared archives. */
  close(): Promise<void>;
}

const DEFAULT_MAX_BYTES = 4 * 1024 ** 3;

/**
 * Starts a local Export API: the same paths, keys, parameters, status codes and archives as Amplitude's,
 * with events of a synthetic shop or of a folder. Throws UsageError for a wrong option or an address that
 * cannot be had.
 */
export async function startEmulator(
  options: EmulatorOptions = {},
  effects: EmulatorEffects = { now: Date.now },
): Promise<Emulator> {
  const { host = "127.0.0.1", port = 0, settleHours = 3 } = options;
  const apiKey = options.apiKey ?? "demo-api-key";
  const secretKey = options.secretKey ?? "demo-secret-key";
  const replay = options.replay === undefined ? undefined : await openReplay(options.replay);
  const shop = resolveShop(options, effects.now());
  const source = replay ?? shopSource(new HourPlanner(shop));
  const { deletions = [] } = options;
  if (typeof deletions === "number" && replay) {
    throw new UsageError(
      "A replayed folder has no people of whom some could be deleted.",
      "Give the deletion jobs themselves.",
    );
  }
  const jobs = typeof deletions === "number" ? shopDeletions(shop, deletions, effects.now()) : deletions;
  const events = eventsOf(replay === undefined ? Object.values(EVENT_TYPES) : [], options.inactive ?? []);
  const store = await openHourStore(source, options.compression ?? "store", options.cacheDir);
  const faults = new FaultPlan(options.faults);
  const requests: RequestRecord[] = [];
  const deletionRequests: RequestRecord[] = [];
  const eventListRequests: RequestRecord[] = [];
  const from: Hour = replay ? replay.from : shop.from;
  const end: Hour | undefined = replay ? replay.to : shop.to;

  function loaded(): HourRange | undefined {
    const newest = newestLoaded(effects.now(), settleHours);
    const to = end !== undefined && end < newest ? end : newest;
    return to < from ? undefined : { from, to };
  }

  const server = createServer((request, response) => {
    const refusal = strangerRefusal(request, host);
    if (refusal) return refuse(response, ...refusal);
    const url = new URL(request.url ?? "/", "http://emulator");
    const isDeletions = url.pathname === "/api/2/deletions/users";
    const isEventList = url.pathname === "/api/2/events/list";
    if (!isDeletions && !isEventList && url.pathname !== "/api/2/export") {
      return refuse(
        response,
        404,
        "There are only /api/2/export, /api/2/deletions/users and /api/2/events/list here.",
      );
    }
    if (request.method !== "GET") return refuse(response, 405, `${url.pathname} takes GET only here.`);
    const rules = { apiKey, secretKey, settleHours, now: effects.now() };
    const setting = {
      rules,
      store,
      faults,
      requests,
      maxBytes: options.maxBytes ?? DEFAULT_MAX_BYTES,
      framing: options.framing ?? "length",
    };
    const answered = isDeletions
      ? answerDeletions(request, response, url.searchParams, { ...setting, jobs, requests: deletionRequests })
      : isEventList
        ? answerEventList(request, response, { ...setting, events, requests: eventListRequests })
        : answerExport(request, response, url.searchParams, setting);
    answered.catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else refuse(response, 500, `The emulator failed: ${error instanceof Error ? error.message : error}`);
    });
  });
  server.keepAliveTimeout = 60_000;
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, resolve);
    });
  } catch (cause) {
    await store.close();
    throw new UsageError(
      `The emulator cannot listen on ${host}:${port}.`,
      "Choose another port, or 0 for any.",
      {
        cause,
      },
    );
  }
  const address = server.address() as AddressInfo;

  return {
    url: `http://${address.family === "IPv6" ? `[${address.address}]` : address.address}:${address.port}`,
    apiKey,
    secretKey,
    projectId: replay ? replay.projectId : shop.projectId,
    hours: loaded,
    requests,
    deletionRequests,
    eventListRequests,
    truth(truthOptions = {}) {
      if (replay) {
        throw new UsageError(
          "A replayed folder has no known truth.",
          "Start the emulator without replay to have events whose truth is known.",
        );
      }
      return tellTruth(shop, { to: loaded()?.to ?? lastPlannedHour(shop), ...truthOptions });
    },
    async prepare(range = loaded()) {
      for (const hour of range ? hoursIn(range) : []) await store.entriesOf(hour);
    },
    inject: (...rules) => faults.add(...rules),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await store.close();
    },
  };
}

/** Throws UsageError for an inactive type that the shop has not. */
function eventsOf(types: readonly string[], inactive: readonly string[]): EmulatedEvent[] {
  const unknown = inactive.find((type) => !types.includes(type));
  if (unknown !== undefined) {
    throw new UsageError(
      `${JSON.stringify(unknown)} cannot be marked inactive: it is no event type of the shop.`,
      types.length === 0 ? "Of a replayed folder none can." : `Its event types are ${types.join(", ")}.`,
    );
  }
  return types.map((value) => ({
    ...{ value, non_active: inactive.includes(value), hidden: false, deleted: false },
  }));
}

const LOOPBACK = /^(127(\.\d+){3}|localhost|\[::1\])(:\d+)?$/i;

/** Web pages, and names that were rebound to this machine, have no business here. */
function strangerRefusal(request: IncomingMessage, host: string): [number, string] | undefined {
  if (request.headers.origin !== undefined) return [403, "Requests from web pages are not answered."];
  const open = !LOOPBACK.test(host.includes(":") ? `[${host}]` : host);
  if (open || LOOPBACK.test(request.headers.host ?? "")) return undefined;
  return [421, "This emulator answers on a loopback address only."];
}

function refuse(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" }).end(body);
}
