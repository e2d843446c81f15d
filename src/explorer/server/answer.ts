import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "../query-process/answer.js";
import { faultAnswer } from "../query-process/fault.js";
import type { Access } from "./access.js";
import { readBody } from "./body.js";
import { sendExport } from "./download.js";
import { setCommonHeaders } from "./headers.js";
import { ownAnswer } from "./own-questions.js";
import type { PullJob } from "./pull-job.js";
import type { QueryProcess } from "./query-process.js";
import { isView, siteFile } from "./site.js";

/** What requests are answered with. */
export interface ServerSetting {
  readonly access: Access;
  readonly site: URL;
  /** Answers the page's own questions. */
  readonly queries: QueryProcess;
  /** Runs a person's SQL. */
  readonly sql: QueryProcess;
  readonly pulls: PullJob;
  /** Folder of the files that were exported. */
  readonly exports: string;
  readonly timeLimitMs: number;
}

const API = "/api/";
const DOWNLOAD = "/api/download/";
/** A file of millions of events takes longer than an answer may. */
const EXPORT_TIMES = 20;

/** Answers one request: `/open`, a file of the page, or a question. */
export async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  setting: ServerSetting,
): Promise<void> {
  setCommonHeaders(response);
  const { method = "", url = "" } = request;
  const [path = "", search] = url.split("?", 2);
  const isDownload = path.startsWith(DOWNLOAD);
  const isQuestion = path.startsWith(API) && !isDownload;
  const isPage = path === "/open" || isView(path);
  const { access } = setting;
  const purpose = isDownload ? "download" : isQuestion ? "question" : isPage ? "navigation" : "part";
  const strange = access.strangeness(request, purpose);
  if (strange !== undefined) {
    return refuse(response, faultAnswer(403, `The request is refused. ${strange}`, REOPEN));
  }
  if (method !== (isQuestion ? "POST" : "GET")) {
    response.setHeader("Allow", isQuestion ? "POST" : "GET");
    return refuse(response, faultAnswer(405, `${method} is not answered here.`, REOPEN));
  }
  if (path === "/open") return open(request, response, search, access);
  if (!access.isKnown(request)) {
    return refuse(response, faultAnswer(403, "This browser was not let in.", REOPEN));
  }
  if (isQuestion) return answerQuestion(path.slice(API.length), request, response, setting);
  if (isDownload) {
    if (await sendExport(setting.exports, path.slice(DOWNLOAD.length), response)) return;
    return refuse(response, faultAnswer(404, "There is no such file any more.", "Export it again."));
  }
  const file = await siteFile(setting.site, path);
  if (file === undefined) return refuse(response, faultAnswer(404, "There is no such file.", REOPEN));
  response.writeHead(200, { "Content-Type": file.type }).end(file.bytes);
}

const REOPEN =
  "Open the address that `ampframe explore` prints; it works once. Start it again for a new one.";

function open(
  request: IncomingMessage,
  response: ServerResponse,
  search: string | undefined,
  access: Access,
): void {
  const cookie = access.enter(new URLSearchParams(search).get("token"));
  if (cookie === undefined && !access.isKnown(request)) {
    refuse(response, faultAnswer(403, "This address was used before, or is not right.", REOPEN));
    return;
  }
  if (cookie !== undefined) response.setHeader("Set-Cookie", cookie);
  response.writeHead(303, { Location: "/" }).end();
}

async function answerQuestion(
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
  { queries, sql, pulls, timeLimitMs }: ServerSetting,
): Promise<void> {
  const body = await readBody(request);
  if (body.kind === "refused") return refuse(response, faultAnswer(body.status, body.error, body.wayOut));
  const gone = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) gone.abort();
  });
  const asked = name === "query" ? sql : queries;
  const answer = await (ownAnswer(name, pulls) ??
    asked.ask(name, body.value, {
      signal: gone.signal,
      timeLimitMs: name === "export" ? timeLimitMs * EXPORT_TIMES : timeLimitMs,
    }));
  if (!response.destroyed) send(response, answer);
}

/** What was refused may still be on its way: the connection is not used again. */
function refuse(response: ServerResponse, answer: Answer): void {
  response.setHeader("Connection", "close");
  send(response, answer);
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(body);
}
