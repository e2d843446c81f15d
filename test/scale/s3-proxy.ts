import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request to an S3: `GET`, `HEAD`, `LIST`, `PUT`, `PUT if-absent`, `PUT part`, `POST`, `DELETE`. */
export interface Asked {
  readonly kind: string;
  readonly key: string;
}

/** What is done to a request. `after`: the server does what was asked, and another answer is given. `hang`: none ever is. */
export interface Harm {
  readonly answer: 403 | 409 | 412 | 500 | 503 | "cut" | "hang";
  readonly after: boolean;
}

/** Stands before an S3 server on loopback, counts what is asked, and harms it as it is told. */
export interface S3Proxy {
  readonly endpoint: string;
  /** Requests by kind, since the last `reset`. */
  readonly counts: Map<string, number>;
  /** Harms by kind and answer, such as `PUT if-absent 409 after`. */
  readonly harms: Map<string, number>;
  /** Bytes of bodies to the server and from it. */
  readonly bytes: { sent: number; received: number };
  /** Keys of the objects that were read whole. */
  readonly read: string[];
  /** Chooses a harm for each request. Default none. */
  harm: (asked: Asked) => Harm | undefined;
  reset(): void;
  stop(): Promise<void>;
}

/** Starts a proxy before the S3 server at `endpoint`. */
export async function startS3Proxy(endpoint: string): Promise<S3Proxy> {
  const to = new URL(endpoint);
  const agent = new Agent({ keepAlive: true });
  const server = createServer((asked, answer) => {
    pass(asked, answer, proxy, to, agent).catch(() => answer.destroy());
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const proxy: S3Proxy = {
    endpoint: `http://127.0.0.1:${port}`,
    ...{ counts: new Map(), harms: new Map(), bytes: { sent: 0, received: 0 }, read: [] },
    harm: () => undefined,
    reset() {
      proxy.counts.clear();
      proxy.harms.clear();
      Object.assign(proxy.bytes, { sent: 0, received: 0 });
      proxy.read.length = 0;
    },
    stop() {
      agent.destroy();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return proxy;
}

async function pass(
  asked: IncomingMessage,
  answer: ServerResponse,
  proxy: S3Proxy,
  to: URL,
  agent: Agent,
): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of asked) pieces.push(piece as Buffer);
  const body = Buffer.concat(pieces);
  const what = askedOf(asked, proxy.endpoint);
  count(proxy.counts, what.kind);
  if (what.kind === "GET") proxy.read.push(what.key);
  proxy.bytes.sent += body.length;
  const harm = proxy.harm(what);
  if (harm) count(proxy.harms, `${what.kind} ${harm.answer} ${harm.after ? "after" : "before"}`);
  if (harm && !harm.after) return refuse(answer, harm.answer);
  // The signature holds for the host that was asked.
  const { expect: _, connection: __, ...headers } = asked.headers;
  const forwarded = request({
    ...{ host: to.hostname, port: to.port, path: asked.url, method: asked.method, headers, agent },
  });
  forwarded.end(body);
  const real = await new Promise<IncomingMessage>((resolve, reject) => {
    forwarded.on("response", resolve).on("error", reject);
  });
  if (!harm) answer.writeHead(real.statusCode ?? 502, real.headers);
  for await (const piece of real as AsyncIterable<Buffer>) {
    proxy.bytes.received += piece.length;
    if (!harm) answer.write(piece);
  }
  if (harm) refuse(answer, harm.answer);
  else answer.end();
}

function refuse(answer: ServerResponse, how: Harm["answer"]): void {
  if (how === "hang") return;
  if (how === "cut") answer.destroy();
  else {
    const code = how === 412 ? "PreconditionFailed" : how === 409 ? "ConditionalRequestConflict" : "SlowDown";
    const text = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>made by the test</Message></Error>`;
    answer.writeHead(how, { "content-type": "application/xml" }).end(text);
  }
}

function askedOf(asked: IncomingMessage, base: string): Asked {
  const url = new URL(asked.url ?? "/", base);
  const [, , ...parts] = url.pathname.split("/");
  const key = decodeURIComponent(parts.join("/"));
  const method = asked.method ?? "";
  if (method === "GET" && key === "") return { kind: "LIST", key: url.searchParams.get("prefix") ?? "" };
  if (url.searchParams.has("partNumber")) return { kind: "PUT part", key };
  return { kind: asked.headers["if-none-match"] === "*" ? "PUT if-absent" : method, key };
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** Counts in words: `12 GET, 3 LIST`. */
export function inWords(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, n]) => `${n} ${name}`)
    .join(", ");
}
