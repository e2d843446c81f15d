import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Kept {
  readonly body: Buffer;
  readonly modified: number;
}

/** What is done with a request in place of the right answer. `after`: it takes effect first. `hang`: no answer ever comes. */
export interface Fault {
  readonly status: number | "hang" | "cut";
  readonly after?: boolean;
}

/** A request as a fault is chosen by: `PUT if-absent`, `GET`, `LIST`, `DELETE` and so on. */
export interface Asked {
  readonly kind: string;
  readonly key: string;
}

/** A small S3 on loopback, with one bucket in memory, that honours If-None-Match and ranges, and answers as badly as it is told. */
export interface Answerer {
  readonly endpoint: string;
  readonly objects: Map<string, Kept>;
  readonly asked: Asked[];
  /** Uploads in parts that were begun and neither completed nor aborted. */
  readonly uploads: Map<string, Map<number, Buffer>>;
  /** Chooses a fault for each request. */
  fault: (asked: Asked) => Fault | undefined;
  /** False: `If-None-Match` is ignored, as some stores do. */
  honest: boolean;
  /** False: `If-Match` is ignored. */
  heeding: boolean;
  /** True: `If-Match` is compared with the tag without its quotes, as Ceph's gateway does. */
  bareTags: boolean;
  /** Keys that a page of a listing has. */
  pageKeys: number;
  close(): Promise<void>;
}

export const BUCKET = "events";

export async function startAnswerer(): Promise<Answerer> {
  const server = createServer((request, response) => {
    answer(request, response, state).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const state: Answerer = {
    endpoint: `http://127.0.0.1:${port}`,
    ...{ objects: new Map(), asked: [], uploads: new Map(), fault: () => undefined },
    ...{ honest: true, heeding: true, bareTags: false, pageKeys: 1000 },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return state;
}

async function answer(request: IncomingMessage, response: ServerResponse, state: Answerer): Promise<void> {
  const url = new URL(request.url ?? "/", state.endpoint);
  const [, bucket = "", ...parts] = url.pathname.split("/").map(decodeURIComponent);
  const key = parts.join("/");
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const body = Buffer.concat(pieces);
  const asked = { kind: kindOf(request, url, key), key };
  state.asked.push(asked);
  if (bucket !== BUCKET) return refuse(response, 404, "NoSuchBucket");
  const fault = state.fault(asked);
  const answerNow = () => effect(request, response, url, key, body, state);
  if (!fault) return answerNow();
  if (fault.after) effect(request, silent(), url, key, body, state);
  if (fault.status === "hang") return;
  if (fault.status === "cut") response.destroy();
  else refuse(response, fault.status, fault.status === 412 ? "PreconditionFailed" : "InternalError");
}

function kindOf(request: IncomingMessage, url: URL, key: string): string {
  if (request.method === "GET" && key === "") return "LIST";
  if (url.searchParams.has("uploads")) return "POST begin";
  if (url.searchParams.has("partNumber")) return "PUT part";
  if (url.searchParams.has("uploadId")) return request.method === "POST" ? "POST complete" : "DELETE parts";
  if (request.headers["if-match"] !== undefined) return "PUT if-same";
  if (request.headers["x-amz-copy-source"] !== undefined) return "PUT copy";
  return request.headers["if-none-match"] === "*" ? "PUT if-absent" : (request.method ?? "");
}

/** What `effect` writes to when nobody is to hear of it. */
function silent(): Pick<ServerResponse, "writeHead" | "end"> {
  const heard = { writeHead: () => heard, end: () => heard };
  return heard as unknown as ServerResponse;
}

function effect(
  request: IncomingMessage,
  response: Pick<ServerResponse, "writeHead" | "end">,
  url: URL,
  key: string,
  body: Buffer,
  state: Answerer,
): void {
  const { objects, uploads } = state;
  const kept = objects.get(key);
  const etag = (content: Buffer) => `"${createHash("md5").update(content).digest("hex")}"`;
  const kind = kindOf(request, url, key);
  const upload = url.searchParams.get("uploadId") ?? "";
  if (kind === "LIST") list(response, url, state);
  else if (kind === "POST begin") {
    const id = `upload-${uploads.size}-${state.asked.length}`;
    uploads.set(id, new Map());
    xml(
      response,
      `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
    );
  } else if (kind === "PUT part") {
    uploads.get(upload)?.set(Number(url.searchParams.get("partNumber")), body);
    response.writeHead(200, { etag: etag(body) }).end();
  } else if (kind === "POST complete") {
    const parts = [...(uploads.get(upload) ?? [])].sort(([a], [b]) => a - b).map(([, part]) => part);
    uploads.delete(upload);
    objects.set(key, { body: Buffer.concat(parts), modified: Date.now() });
    xml(response, "<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>");
  } else if (kind === "DELETE parts") {
    uploads.delete(upload);
    response.writeHead(204).end();
  } else if (kind === "PUT if-absent" && kept && state.honest) {
    refuse(response, 412, "PreconditionFailed");
  } else if (
    state.heeding &&
    request.headers["if-match"] &&
    request.headers["if-match"] !== (kept && etag(kept.body).replaceAll(state.bareTags ? '"' : "", ""))
  ) {
    refuse(response, kept ? 412 : 404, kept ? "PreconditionFailed" : "NoSuchKey");
  } else if (kind === "PUT copy") {
    const source = decodeURIComponent(String(request.headers["x-amz-copy-source"])).slice(BUCKET.length + 1);
    const copied = objects.get(source);
    if (copied) {
      objects.set(key, { body: copied.body, modified: Date.now() });
      xml(response, `<CopyObjectResult><ETag>${etag(copied.body)}</ETag></CopyObjectResult>`);
    } else refuse(response, 404, "NoSuchKey");
  } else if (request.method === "PUT") {
    objects.set(key, { body, modified: Date.now() });
    response.writeHead(200, { etag: etag(body) }).end();
  } else if (request.method === "DELETE") {
    objects.delete(key);
    response.writeHead(204).end();
  } else if (!kept) {
    if (request.method === "HEAD") response.writeHead(404).end();
    else refuse(response, 404, "NoSuchKey");
  } else {
    const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const headers = {
      ...{ "content-length": kept.body.length - from, etag: etag(kept.body) },
      "last-modified": new Date(kept.modified).toUTCString(),
    };
    response
      .writeHead(from > 0 ? 206 : 200, headers)
      .end(request.method === "HEAD" ? undefined : kept.body.subarray(from));
  }
}

function list(
  response: Pick<ServerResponse, "writeHead" | "end">,
  url: URL,
  { objects, pageKeys }: Answerer,
): void {
  const prefix = url.searchParams.get("prefix") ?? "";
  const delimiter = url.searchParams.get("delimiter");
  const after = url.searchParams.get("continuation-token") ?? "";
  const found = new Map<string, string>();
  for (const [key, { body, modified }] of objects) {
    if (!key.startsWith(prefix)) continue;
    const end = delimiter === null ? -1 : key.indexOf(delimiter, prefix.length);
    const common = end < 0 ? undefined : key.slice(0, end + 1);
    const text =
      common === undefined
        ? `<Contents><Key>${escaped(key)}</Key><Size>${body.length}</Size><LastModified>${new Date(modified).toISOString()}</LastModified></Contents>`
        : `<CommonPrefixes><Prefix>${escaped(common)}</Prefix></CommonPrefixes>`;
    found.set(common ?? key, text);
  }
  const rest = [...found].filter(([name]) => name > after).sort(([a], [b]) => (a < b ? -1 : 1));
  const page = rest.slice(0, pageKeys);
  const isCut = rest.length > page.length;
  const next = isCut
    ? `<NextContinuationToken>${escaped(page.at(-1)?.[0] ?? "")}</NextContinuationToken>`
    : "";
  xml(
    response,
    `<ListBucketResult><IsTruncated>${isCut}</IsTruncated>${next}${page.map(([, text]) => text).join("")}</ListBucketResult>`,
  );
}

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function xml(response: Pick<ServerResponse, "writeHead" | "end">, text: string, status = 200): void {
  response.writeHead(status, { "content-type": "application/xml" }).end(`<?xml version="1.0"?>${text}`);
}

function refuse(response: Pick<ServerResponse, "writeHead" | "end">, status: number, code: string): void {
  xml(response, `<Error><Code>${code}</Code><Message>made by the test</Message></Error>`, status);
}
