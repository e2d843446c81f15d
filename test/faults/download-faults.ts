import { gzipSync } from "node:zlib";
import type { Answer } from "../emulator/emulated.js";
import { head, type RawAnswer, type RawRequest } from "./raw-server.js";

/** Where in the body a fault happens. */
export const PLACES = ["first", "middle", "last"] as const;
export type Place = (typeof PLACES)[number];

/** A fault of a server or of the network. */
export interface DownloadFault {
  readonly name: string;
  /** `-` where it has no place in the body. */
  readonly place: Place | "-";
  readonly answer: RawAnswer;
  /**
   * What must come of it when it happens for ever: `later`, the window is refused or the pull fails, and the next
   * pull completes; `split`, likewise for the one hour, which is refused until it is asked for with --refresh;
   * `believed`, the server's word that there is nothing holds until then; `stops`, the keys are at fault;
   * `harmless`, all is brought.
   */
  readonly forEver: "later" | "split" | "believed" | "stops" | "harmless";
  /** How often it must happen for `forEver`. Default: as often as may be asked. */
  readonly tries?: number;
  /** Whether one time is enough for `forEver`, for it is not asked again. */
  readonly once?: true;
  /** The wait that Retry-After asks for, in milliseconds: exactly, or null where it asks for too much. */
  readonly waits?: number | null;
}

/** The time at which the server says that it answers. */
export const SERVED_AT = Date.parse("2026-11-23T12:30:00Z");

const at = (place: Place, bytes: number) => ({ first: 1, middle: bytes >> 1, last: bytes - 1 })[place];
const zip = (length?: number) =>
  head(200, {
    "content-type": "application/zip",
    ...(length === undefined ? {} : { "content-length": length }),
  });
const CHUNKED = head(200, { "content-type": "application/zip", "transfer-encoding": "chunked" });
const chunk = (bytes: Uint8Array) =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);

/** Faults within the body, each at its first byte, in its middle and at its last byte. */
const WITHIN: Readonly<Record<string, (place: Place) => RawAnswer>> = {
  "Content-Length too short":
    (place) =>
    (socket, { body }) => {
      socket.write(zip(at(place, body.length)));
      socket.end(body);
    },
  "Content-Length too long":
    (place) =>
    (socket, { body }) => {
      socket.write(zip(body.length + at(place, body.length)));
      socket.end(body);
    },
  "cut, length announced":
    (place) =>
    (socket, { body }) => {
      socket.write(zip(body.length));
      socket.end(body.subarray(0, at(place, body.length)));
    },
  "cut, told by nothing":
    (place) =>
    (socket, { body }) => {
      socket.write(zip());
      socket.end(body.subarray(0, at(place, body.length)));
    },
  "cut between chunks":
    (place) =>
    (socket, { body }) => {
      socket.write(CHUNKED);
      socket.end(chunk(body.subarray(0, at(place, body.length))));
    },
  "cut within a chunk":
    (place) =>
    (socket, { body }) => {
      socket.write(CHUNKED);
      socket.end(chunk(body).subarray(0, -2 - body.length + at(place, body.length)));
    },
  "short, but its chunks end":
    (place) =>
    (socket, { body }) => {
      socket.write(CHUNKED);
      socket.end(Buffer.concat([chunk(body.subarray(0, at(place, body.length))), Buffer.from("0\r\n\r\n")]));
    },
  reset:
    (place) =>
    (socket, { body }) => {
      socket.write(zip(body.length));
      socket.write(body.subarray(0, at(place, body.length)), () => socket.resetAndDestroy());
    },
  stall:
    (place) =>
    (socket, { body }) => {
      socket.write(zip(body.length));
      socket.write(body.subarray(0, at(place, body.length)));
    },
  "one byte at a time":
    (place) =>
    (socket, { body }) => {
      socket.write(zip(body.length + 500));
      let sent = at(place, body.length);
      socket.write(body.subarray(0, sent));
      const timer = setInterval(() => socket.write(body.subarray(sent, ++sent)), 20);
      socket.on("close", () => clearInterval(timer));
    },
  "a flipped bit":
    (place) =>
    (socket, { body }) => {
      const wrong = Buffer.from(body);
      wrong[at(place, body.length) - (place === "first" ? 1 : 0)]! ^= 1;
      socket.write(zip(body.length));
      socket.end(wrong);
    },
};

const text = (
  status: number,
  headers: Record<string, string | number> = {},
  words = "So it is",
): RawAnswer => {
  return (socket, _, request) => {
    const body = `${words}. ${echo(request)}`;
    socket.write(head(status, { ...headers, "content-length": Buffer.byteLength(body) }));
    socket.end(body);
  };
};
const instead = (type: string, before: string, after: string): RawAnswer => {
  return (socket, _, request) => {
    const body = `${before}${echo(request)}${after}`;
    socket.write(head(200, { "content-type": type, "content-length": Buffer.byteLength(body) }));
    socket.end(body);
  };
};
const raw = (headers: Record<string, string>, body: (whole: Answer) => Uint8Array): RawAnswer => {
  return (socket, whole) => {
    const bytes = body(whole);
    socket.write(head(200, { ...headers, "content-length": bytes.length }));
    socket.end(bytes);
  };
};
const redirect = (to: (request: RawRequest) => string): RawAnswer => {
  return (socket, _, request) => {
    socket.end(head(302, { location: to(request), "content-length": 0 }));
  };
};

/** What a careless server puts into its error pages: the keys of the request, in every form. */
export function echo({ authorization }: RawRequest): string {
  return formsOf(Buffer.from(authorization, "base64").toString()).join(" ");
}

/** Both keys of `apiKey:secretKey` and the pair: raw, URL-encoded, in base64 of both kinds, in hexadecimal. */
export function formsOf(pair: string): string[] {
  return [...pair.split(":"), pair].flatMap((key) => [
    key,
    encodeURIComponent(key),
    Buffer.from(key).toString("base64").replace(/=+$/, ""),
    Buffer.from(key).toString("base64url"),
    Buffer.from(key).toString("hex"),
  ]);
}

const keyIn = ({ authorization }: RawRequest) =>
  encodeURIComponent(Buffer.from(authorization, "base64").toString());
const EMPTY_ZIP = Buffer.concat([Buffer.from("PK\x05\x06"), Buffer.alloc(18)]);
const later = (seconds: number) => new Date(SERVED_AT + seconds * 1000).toUTCString();
const DATE = { date: new Date(SERVED_AT).toUTCString() };

/** Faults of the whole answer. */
const WHOLE: readonly Omit<DownloadFault, "place">[] = [
  { name: "429, Retry-After 2", answer: text(429, { "retry-after": 2 }), forEver: "later", waits: 2000 },
  {
    name: "429, Retry-After a date",
    answer: text(429, { ...DATE, "retry-after": later(3) }),
    forEver: "later",
    waits: 3000,
  },
  {
    name: "429, Retry-After 10 years",
    answer: text(429, { "retry-after": 315_360_000 }),
    forEver: "later",
    once: true,
    waits: null,
  },
  { name: "429, Retry-After nonsense", answer: text(429, { "retry-after": "soon" }), forEver: "later" },
  { name: "429, no Retry-After", answer: text(429), forEver: "later" },
  { name: "500", answer: text(500), forEver: "later" },
  { name: "502", answer: text(502), forEver: "later" },
  { name: "503", answer: text(503), forEver: "later" },
  { name: "503, Retry-After 2", answer: text(503, { "retry-after": 2 }), forEver: "later", waits: 2000 },
  { name: "504", answer: text(504), forEver: "split" },
  { name: "400 too large", answer: text(400, {}, "The size exceeds the limit of 4 GB"), forEver: "split" },
  {
    name: "404",
    answer: (socket) => socket.end(`${head(404)}Raw data files were not found.`),
    forEver: "believed",
    once: true,
  },
  { name: "404 of a wrong path", answer: text(404, {}, "Not Found"), forEver: "later", once: true },
  { name: "401", answer: text(401), forEver: "stops", once: true },
  { name: "403", answer: text(403), forEver: "stops", once: true },
  { name: "redirect, same origin", answer: redirect(({ path }) => `/moved${path}`), forEver: "harmless" },
  {
    name: "redirect, other origin",
    answer: redirect((request) => `http://127.0.0.1:9/${keyIn(request)}?key=${keyIn(request)}`),
    forEver: "later",
    once: true,
  },
  {
    name: "redirect, other scheme",
    answer: redirect((request) => `https://${keyIn(request)}@127.0.0.1:9/`),
    forEver: "later",
    once: true,
  },
  {
    name: "redirect, same origin by way of a key",
    answer: redirect((request) => `/moved/${keyIn(request)}${request.path}`),
    forEver: "harmless",
  },
  { name: "redirect to itself", answer: redirect(({ path }) => path), forEver: "later" },
  { name: "redirect to nowhere", answer: redirect(() => "http://"), forEver: "later", once: true },
  { name: "200 with HTML", answer: instead("text/html", "<p>Sign in ", "</p>"), forEver: "later" },
  {
    name: "200 with HTML, a key where it is cut",
    answer: instead("text/html", "x".repeat(186), "</p>"),
    forEver: "later",
  },
  {
    name: "429, the keys in its headers",
    answer: (socket, whole, request) => {
      const words = echo(request);
      text(429, { "content-type": words, "retry-after": words })(socket, whole, request);
    },
    forEver: "later",
  },
  { name: "200 with JSON", answer: instead("application/json", '{"error":"', '"}'), forEver: "later" },
  { name: "200 with nothing", answer: raw({}, () => Buffer.alloc(0)), forEver: "later" },
  { name: "200 with an empty zip", answer: raw({}, () => EMPTY_ZIP), forEver: "believed", once: true },
  {
    name: "Content-Encoding: gzip that is none",
    answer: raw({ "content-encoding": "gzip" }, ({ body }) => body),
    forEver: "harmless",
  },
  {
    name: "Content-Encoding: gzip, cut",
    answer: raw({ "content-encoding": "gzip" }, ({ body }) => gzipSync(body).subarray(0, -9)),
    forEver: "later",
  },
  { name: "no HTTP at all", answer: (socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n"), forEver: "later" },
  { name: "closed without a word", answer: (socket) => socket.end(), forEver: "later" },
];

export const DOWNLOAD_FAULTS: readonly DownloadFault[] = [
  ...Object.entries(WITHIN).flatMap(([name, answer]) =>
    PLACES.map((place): DownloadFault => {
      const tries = name === "a flipped bit" && place === "middle" ? { tries: 3 } : {};
      return { name, place, answer: answer(place), forEver: "later", ...tries };
    }),
  ),
  ...WHOLE.map((fault): DownloadFault => ({ ...fault, place: "-" })),
];
