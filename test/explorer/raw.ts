import { connect } from "node:net";

/** What a server said to bytes, and how long it took until the connection ended. */
export interface Said {
  /** Undefined if it said nothing. */
  readonly status: number | undefined;
  readonly text: string;
  readonly ms: number;
}

/** Sends lines of a request, as they are, to 127.0.0.1, and waits until the server ends the connection. */
export function say(port: number, lines: readonly string[], body = ""): Promise<Said> {
  return sayPieces(port, [`${lines.join("\r\n")}\r\n\r\n${body}`], 0);
}

/** Sends pieces with a pause before each but the first. */
export function sayPieces(port: number, pieces: readonly string[], pauseMs: number): Promise<Said> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    let timer: NodeJS.Timeout | undefined;
    const [first = "", ...rest] = pieces;
    socket.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
    });
    socket.on("connect", () => {
      socket.write(first);
      timer = setInterval(() => {
        const piece = rest.shift();
        if (piece === undefined || socket.destroyed) clearInterval(timer);
        else socket.write(piece);
      }, pauseMs);
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "ECONNRESET" && error.code !== "EPIPE") reject(error);
    });
    socket.on("close", () => {
      clearInterval(timer);
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
      resolve({
        status: status === undefined ? undefined : Number(status),
        text,
        ms: performance.now() - start,
      });
    });
  });
}
