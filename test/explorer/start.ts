import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll } from "vitest";
import type { Api, ApiFault } from "../../src/explorer/api.js";
import { type Explorer, type ExplorerOptions, startExplorer } from "../../src/explorer/index.js";
import { openLake, writeLake } from "../../src/index.js";
import { afterThisFile } from "../undo.js";

const DIST = new URL("../../dist/", import.meta.url);

/** A lake of the made-up shop in a folder of its own: three days, about 1,500 events. */
export async function shopLake(): Promise<{ readonly dir: string; readonly remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), "ampframe-explorer-"));
  const dir = join(folder, "shop");
  await writeLake({ lake: dir, days: 3, eventsPerDay: 500, seed: 1 });
  return { dir, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The shop's lake, and an explorer of it. */
export interface ShopOpened {
  readonly dir: string;
  readonly explorer: Opened;
}

/** Opens the shop's lake in an explorer before the tests of a file, and takes both away after them. */
export function openedShop(options: Omit<ExplorerOptions, "lake"> = {}): ShopOpened {
  const opened: Partial<{ -readonly [Name in keyof ShopOpened]: ShopOpened[Name] }> = {};
  beforeAll(async () => {
    const { dir, remove } = await shopLake();
    afterThisFile(remove);
    Object.assign(opened, { dir, explorer: await openExplorer({ lake: dir, ...options }) });
    afterThisFile(() => opened.explorer?.close());
  });
  return opened as ShopOpened;
}

/** Rows of a query, at most 10,000, asked of the library itself. */
export async function lakeRows(dir: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const opened = await openLake(dir);
  try {
    return [...(await (await opened.query(sql)).head(10_000))];
  } finally {
    await opened.close();
  }
}

/** An explorer, and a browser's part of talking to it. */
export interface Opened extends Explorer {
  readonly port: number;
  readonly cookie: string;
  /** Asks as the page does. Throws if the answer is a fault. */
  ask<Name extends keyof Api>(name: Name, input: Api[Name]["in"]): Promise<Api[Name]["out"]>;
  /** Asks whatever is given, and gives the status and what the fault says. */
  fault(name: string, input: unknown): Promise<ApiFault & { readonly status: number }>;
}

/** Starts the explorer whose page and query process were built, and enters it. */
export async function openExplorer(options: ExplorerOptions, requestTimeoutMs = 10_000): Promise<Opened> {
  const parts = { site: new URL("explorer/", DIST), queryProcess: new URL("query-process.js", DIST) };
  if (!existsSync(parts.queryProcess)) throw new Error("dist/ is missing: run `npm run build` first.");
  const explorer = await startExplorer(options, { ...parts, requestTimeoutMs });
  const url = new URL(explorer.url);
  const port = Number(url.port);
  const entered = await send({ port, path: `${url.pathname}${url.search}` });
  const cookie = entered.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
  const post = (name: string, input: unknown) =>
    send({
      ...{ port, path: `/api/${name}`, method: "POST", body: JSON.stringify(input) },
      headers: { cookie, "content-type": "application/json" },
    });
  return {
    ...explorer,
    port,
    cookie,
    async ask(name, input) {
      const { status, body } = await post(name, input);
      if (status === 200) return JSON.parse(body);
      throw new Error(`${status}: ${body}`);
    },
    async fault(name, input) {
      const { status, body } = await post(name, input);
      return { status, ...JSON.parse(body) };
    },
  };
}

/** A request as bytes make it, with the right Host unless another is given. */
export interface RawRequest {
  readonly port: number;
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
}

/** What came back. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Sends a request to 127.0.0.1 and reads the whole answer. */
export function send({ port, path, method = "GET", headers = {}, body }: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, method, headers, agent: false }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on("data", (piece: Buffer) => pieces.push(piece));
      answer.on("error", reject);
      answer.on("end", () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: Buffer.concat(pieces).toString("utf8"),
        }),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
