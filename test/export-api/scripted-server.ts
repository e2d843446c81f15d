import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { chooseEndpoint, type Endpoint } from "../../src/export-api/index.js";

/** Answers one request; the last of a script answers all that follow. */
export type Scene = (response: ServerResponse, request: IncomingMessage) => void;

export interface ScriptedServer extends AsyncDisposable {
  readonly endpoint: Endpoint;
  readonly origin: string;
  /** Every request so far, in order. */
  readonly requests: readonly IncomingMessage[];
  script(...scenes: Scene[]): void;
}

/** A server on loopback whose answers are played from a script. */
export async function startScriptedServer(): Promise<ScriptedServer> {
  let scenes: Scene[] = [];
  let requests: IncomingMessage[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    requests.push(request);
    const scene = scenes.length > 1 ? scenes.shift() : scenes[0];
    scene?.(response, request);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    endpoint: chooseEndpoint({ endpoint: origin }),
    get requests() {
      return requests;
    },
    script(...next) {
      scenes = next;
      requests = [];
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A whole answer. */
export function answer(
  status: number,
  body: Uint8Array | string = "",
  headers: Record<string, string> = {},
): Scene {
  return (response) => {
    response.writeHead(status, { "content-length": String(Buffer.byteLength(body)), ...headers });
    response.end(body);
  };
}

/** A 200 that announces `announced` bytes (none: it ends where the connection does), sends `body`, then closes. */
export function cut(body: Uint8Array, announced?: number): Scene {
  return (response) => {
    const socket = response.socket!;
    const length = announced === undefined ? "" : `content-length: ${announced}\r\n`;
    socket.write(`HTTP/1.1 200 OK\r\ncontent-type: application/zip\r\n${length}connection: close\r\n\r\n`);
    socket.end(body);
  };
}

/** A 200 that sends `body` and then neither ends nor goes on. */
export function stall(body: Uint8Array): Scene {
  return (response) => {
    response.writeHead(200, { "content-length": String(body.length + 1000) });
    response.write(body);
  };
}
