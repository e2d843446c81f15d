import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import type { Emulator } from "../../src/emulator/start-emulator.js";
import { type Answer, ask } from "../emulator/emulated.js";

/** A request as it stood on the wire. */
export interface RawRequest {
  readonly path: string;
  readonly start: string;
  readonly end: string;
  /** What follows `Basic `. */
  readonly authorization: string;
}

/** Writes an answer to `socket` byte by byte as it likes; `whole` is what an honest server would say. */
export type RawAnswer = (socket: Socket, whole: Answer, request: RawRequest) => void;

/** Which requests are answered otherwise, and how often. */
export interface RawRule {
  readonly answer: RawAnswer;
  readonly times: number;
  readonly befalls: (request: RawRequest) => boolean;
}

export interface RawServer {
  readonly origin: string;
  readonly requests: readonly RawRequest[];
  /** Ends all faults. */
  heal(): void;
  close(): Promise<void>;
}

/** A TCP server on loopback that says what `emulator` says, but for the requests that `rule` befalls. */
export async function startRawServer(emulator: Emulator, rule: RawRule): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const sockets = new Set<Socket>();
  let left = rule.times;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    let head = "";
    socket.on("data", async (bytes) => {
      head += bytes.toString("latin1");
      if (!head.endsWith("\r\n\r\n")) return;
      const request = parse(head);
      requests.push(request);
      const { start, end, path, authorization } = request;
      const whole = await ask(emulator, start, end, Buffer.from(authorization, "base64").toString());
      // A request that was led elsewhere on this server is a good one.
      if (left > 0 && !path.startsWith("/moved") && rule.befalls(request)) {
        left -= 1;
        rule.answer(socket, whole, request);
      } else {
        honest(socket, whole);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    heal() {
      left = 0;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The status line and headers of an answer. */
export function head(status: number, headers: Readonly<Record<string, string | number>> = {}): string {
  const lines = Object.entries({ ...headers, connection: "close" }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return `HTTP/1.1 ${status} So\r\n${lines.join("\r\n")}\r\n\r\n`;
}

function honest(socket: Socket, { status, body }: Answer): void {
  const type = status === 200 ? "application/zip" : "text/plain";
  socket.write(head(status, { "content-type": type, "content-length": body.length }));
  socket.end(body);
}

function parse(text: string): RawRequest {
  const path = /^GET (\S+) /.exec(text)?.[1] ?? "";
  const query = new URLSearchParams(path.split("?")[1]);
  return {
    path,
    start: query.get("start") ?? "",
    end: query.get("end") ?? "",
    authorization: /^authorization: Basic (\S+)\r$/im.exec(text)?.[1] ?? "",
  };
}
