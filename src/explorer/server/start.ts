import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../index.js";
import { faultAnswer } from "../query-process/fault.js";
import { Access } from "./access.js";
import { answerRequest } from "./answer.js";
import { type Pull, PullJob } from "./pull-job.js";
import { QueryProcess } from "./query-process.js";

/** Which lake is shown, and where. */
export interface ExplorerOptions {
  /** Folder of the lake. */
  readonly lake: string;
  /** Port of 127.0.0.1. Default 0: any free one. */
  readonly port?: number | undefined;
  /** Seconds that an answer may take. Default 60. */
  readonly timeLimit?: number | undefined;
  /** Most rows of an answer. Default 10,000. */
  readonly rowLimit?: number | undefined;
  /** Pulls the missing hours into the lake, when a person asks for it. Default: it cannot be asked for. */
  readonly pull?: Pull | undefined;
}

/** The files that an explorer is made of. */
export interface ExplorerParts {
  /** Folder of the page. */
  readonly site: URL;
  /** Program of the query process. */
  readonly queryProcess: URL;
  /** Milliseconds that a request may take to come in. */
  readonly requestTimeoutMs: number;
}

/** A running explorer. */
export interface Explorer {
  /** Opens it in one browser, once: it has a token in it. */
  readonly url: string;
  /** Ends all connections and processes. */
  close(): Promise<void>;
}

const INSTALLED: ExplorerParts = {
  site: new URL("./explorer/", import.meta.url),
  queryProcess: new URL("./query-process.js", import.meta.url),
  requestTimeoutMs: 10_000,
};
const HOST = "127.0.0.1";
const MOST_CONNECTIONS = 200;

/**
 * Starts the explorer of a lake on 127.0.0.1. Throws LakeError if there is no lake, UsageError if the port cannot be had.
 */
export async function startExplorer(
  options: ExplorerOptions,
  parts: ExplorerParts = INSTALLED,
): Promise<Explorer> {
  const { lake, port = 0, timeLimit = 60, rowLimit = 10_000 } = options;
  const pulls = new PullJob(options.pull);
  const exports = await mkdtemp(join(tmpdir(), "ampframe-export-"));
  const processSetting = { lake, canPull: pulls.canPull, exports, rowLimit };
  const queries = new QueryProcess(parts.queryProcess, { ...processSetting, answers: "lake" });
  const sql = new QueryProcess(parts.queryProcess, { ...processSetting, answers: "sql" });
  // Before all else: its engine takes the longest. That of SQL starts when it is first asked.
  const opening = queries.open();
  opening.catch(() => {});
  const server = createServer({
    requestTimeout: parts.requestTimeoutMs,
    headersTimeout: parts.requestTimeoutMs,
    connectionsCheckingInterval: Math.min(1000, parts.requestTimeoutMs),
    keepAliveTimeout: 60_000,
  });
  server.maxConnections = MOST_CONNECTIONS;
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await Promise.all([closed, queries.close(), sql.close(), pulls.stop()]);
    await rm(exports, { recursive: true, force: true });
  };
  try {
    const access = new Access(await listen(server, port));
    const setting = { access, site: parts.site, queries, sql, pulls, exports, timeLimitMs: timeLimit * 1000 };
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      answerRequest(request, response, setting).catch((error: unknown) => {
        if (response.headersSent || response.destroyed) return response.destroy();
        const { status, body } = faultAnswer(500, `The server failed: ${words(error)}`, "Please report it.");
        response.writeHead(status, { "Content-Type": "application/json" }).end(body);
      });
    });
    await opening;
    return { url: access.openUrl, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listen(server: Server, port: number): Promise<number> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, HOST, resolve);
    });
  } catch (cause) {
    throw new UsageError(
      `The explorer cannot listen on ${HOST}:${port}: ${words(cause)}.`,
      "Choose another port, or 0 for any.",
      { cause },
    );
  }
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("The server has no port.");
  return address.port;
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
