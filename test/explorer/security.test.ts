import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { say, sayPieces } from "./raw.js";
import { type Opened, openExplorer, type RawRequest, send, shopLake } from "./start.js";

const REQUEST_TIMEOUT_MS = 600;
let lake: Awaited<ReturnType<typeof shopLake>>;
let explorer: Opened;
beforeAll(async () => {
  lake = await shopLake();
  explorer = await openExplorer({ lake: lake.dir }, REQUEST_TIMEOUT_MS);
});
afterAll(async () => {
  await explorer?.close();
  lake?.remove();
});

type Headers = Readonly<Record<string, string | string[]>>;

/** The status of a request that has the cookie, with `headers` added or changed. */
async function statusOf(
  path: string,
  headers: Headers = {},
  more: Partial<RawRequest> = {},
): Promise<number> {
  const { port, cookie } = explorer;
  return (await send({ port, path, headers: { cookie, ...headers }, ...more })).status;
}

const asked = { method: "POST", body: "{}" };
const JSON_TYPE = { "content-type": "application/json" };

describe("a page of another site gets nothing", () => {
  const own = (text: string): string => text.replace("PORT", String(explorer.port));

  // Others are names that were rebound to this machine, and what looks like ours.
  test.each<[string, number]>([
    ["127.0.0.1:PORT", 200],
    ["localhost:PORT", 200],
    ["evil.example", 403],
    ["evil.example:PORT", 403],
    ["127.0.0.1", 403],
    ["localhost", 403],
    ["127.0.0.1:1", 403],
    ["127.0.0.1.evil.example:PORT", 403],
    ["localhost.:PORT", 403],
    ["LOCALHOST:PORT", 403],
    ["[::1]:PORT", 403],
    ["0.0.0.0:PORT", 403],
    ["127.1:PORT", 403],
    ["127.0.0.1:PORT, evil.example", 403],
    ["user@127.0.0.1:PORT", 403],
  ])("Host %j", async (host, status) => {
    expect(await statusOf("/", { host: own(host) })).toBe(status);
    expect(await statusOf("/api/lake", { host: own(host), ...JSON_TYPE }, asked)).toBe(status);
    expect(await statusOf("/nothing.js", { host: own(host) })).toBe(status === 200 ? 404 : status);
  });

  test.each<[string, number]>([
    ["http://127.0.0.1:PORT", 200],
    ["http://localhost:PORT", 403],
    ["https://127.0.0.1:PORT", 403],
    ["null", 403],
    ["http://evil.example", 403],
    ["http://127.0.0.1", 403],
    ["http://127.0.0.1:1", 403],
    ["", 403],
    ["http://127.0.0.1:PORT.evil.example", 403],
    ["file://", 403],
  ])("Origin %j", async (origin, status) => {
    expect(await statusOf("/api/lake", { origin: own(origin), ...JSON_TYPE }, asked)).toBe(status);
    expect(await statusOf("/", { origin: own(origin) })).toBe(status);
  });

  test.each<[string, number, number]>([
    ["same-origin", 200, 200],
    ["none", 200, 403],
    ["same-site", 403, 403],
    ["cross-site", 403, 403],
    ["", 403, 403],
    ["SAME-ORIGIN", 403, 403],
  ])("Sec-Fetch-Site %j", async (site, page, question) => {
    const header = { "sec-fetch-site": site };
    expect(await statusOf("/", header)).toBe(page);
    expect(await statusOf("/api/lake", { ...header, ...JSON_TYPE }, asked)).toBe(question);
  });

  test("it can neither frame the page, nor go to an answer, nor open with a token from afar", async () => {
    for (const dest of ["iframe", "frame", "embed", "object", "image", "script"]) {
      expect(await statusOf("/", { "sec-fetch-dest": dest })).toBe(403);
    }
    expect(await statusOf("/api/lake", { "sec-fetch-mode": "navigate", ...JSON_TYPE }, asked)).toBe(403);
    expect(await statusOf("/app.js", { "sec-fetch-mode": "navigate" })).toBe(403);
    expect(await statusOf("/open?token=x", { "sec-fetch-site": "cross-site" })).toBe(403);
  });
});

describe("without the cookie nobody gets in", () => {
  const cookie = (): string => explorer.cookie;

  test.each([
    ["none", () => ""],
    ["another value", () => `${cookie().split("=")[0]}=x`],
    ["one letter less", () => cookie().slice(0, -1)],
    ["another name", () => `x${cookie()}`],
    ["another port's", () => cookie().replace(/_\d+/, "_1")],
    ["a prototype's name", () => "__proto__=1; constructor=1"],
  ])("%s", async (_, value) => {
    for (const path of ["/", "/app.js", "/overview", "/api/download/x"]) {
      expect(await statusOf(path, { cookie: value() }, {})).toBe(403);
    }
    expect(await statusOf("/api/lake", { cookie: value(), ...JSON_TYPE }, asked)).toBe(403);
    expect(await statusOf("/api/query", { cookie: value(), ...JSON_TYPE }, asked)).toBe(403);
  });

  test("the cookie among others is found", async () => {
    expect(await statusOf("/", { cookie: `a=b; ${cookie()}; c=d` })).toBe(200);
  });

  test("the token works once, and the cookie cannot be read or sent from elsewhere", async () => {
    const other = await openExplorer({ lake: lake.dir });
    try {
      const url = new URL(other.url);
      const again = await send({ port: other.port, path: url.pathname + url.search });
      expect([again.status, again.headers["set-cookie"]]).toEqual([403, undefined]);
      // The same browser may open the address again.
      const known = await send({
        ...{ port: other.port, path: url.pathname + url.search, headers: { cookie: other.cookie } },
      });
      expect([known.status, known.headers.location]).toEqual([303, "/"]);
      expect(await statusOf("/", { cookie: other.cookie })).toBe(403);
    } finally {
      await other.close();
    }
    for (const query of ["", "?token=", "?token=x", "?token=x&token=y", "?TOKEN=x"]) {
      expect(await statusOf(`/open${query}`, { cookie: "" })).toBe(403);
    }
  });
});

test("only GET and POST are answered, each where it belongs", async () => {
  for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD"]) {
    expect(await statusOf("/", {}, { method })).toBe(405);
  }
  for (const method of ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"]) {
    expect(await statusOf("/api/lake", JSON_TYPE, { method })).toBe(405);
  }
  const { port, cookie } = explorer;
  const host = `Host: 127.0.0.1:${port}`;
  expect(
    (await say(port, ["CONNECT 127.0.0.1:22 HTTP/1.1", host, `Cookie: ${cookie}`])).status,
  ).toBeUndefined();
});

test("a form cannot ask", async () => {
  const types = ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"];
  for (const type of [...types, "application/json; charset=utf-16", "application/jsonx", "text/json"]) {
    expect(await statusOf("/api/lake", { "content-type": type }, asked)).toBe(400);
  }
  expect(await statusOf("/api/lake", { "content-type": "application/json; charset=UTF-8" }, asked)).toBe(200);
});

test("a body is JSON of a fair size", async () => {
  for (const body of ["", "{", "[]", "null", "5", '"a"', "{}{}", "\u0000", Buffer.from([0xff, 0xfe])]) {
    expect(await statusOf("/api/lake", JSON_TYPE, { method: "POST", body })).toBe(400);
  }
  const large = `{"a":"${"x".repeat(1_000_001)}"}`;
  expect(await statusOf("/api/lake", JSON_TYPE, { method: "POST", body: large })).toBe(413);
  const gzip = { ...JSON_TYPE, "content-encoding": "gzip" };
  expect(await statusOf("/api/lake", gzip, asked)).toBe(400);
  const nested = `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
  expect(await statusOf("/api/lake", JSON_TYPE, { method: "POST", body: nested })).toBe(400);
});

test("a chunked body without a length is cut at the same size", async () => {
  const { port, cookie } = explorer;
  const piece = `${(64_000).toString(16)}\r\n${"x".repeat(64_000)}\r\n`;
  const lines = ["POST /api/lake HTTP/1.1", `Host: 127.0.0.1:${port}`, `Cookie: ${cookie}`];
  const said = await say(
    port,
    [...lines, "Content-Type: application/json", "Transfer-Encoding: chunked"],
    piece.repeat(20),
  );
  expect([413, undefined]).toContain(said.status);
});

test("names of prototypes are no questions and no fields", async () => {
  for (const name of [
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "toString",
    "valueOf",
    "lake%00",
    "Lake",
    "lake/",
  ]) {
    expect(await statusOf(`/api/${name}`, JSON_TYPE, asked)).toBe(404);
  }
  const body = '{"kind":"events","__proto__":{"kind":"columns"},"constructor":{"prototype":{"polluted":1}}}';
  expect(await statusOf("/api/names", JSON_TYPE, { method: "POST", body })).toBe(200);
  const inherited = '{"__proto__":{"kind":"columns"}}';
  expect(await statusOf("/api/names", JSON_TYPE, { method: "POST", body: inherited })).toBe(400);
});

test("no path leads out of the page's folder", async () => {
  const { port, cookie } = explorer;
  const paths = [
    ...[
      "/../package.json",
      "/../../etc/passwd",
      "/..%2f..%2fpackage.json",
      "/%2e%2e/package.json",
      "/.env",
      "/./app.js",
    ],
    ...[
      "//etc/passwd",
      "/\\..\\..\\package.json",
      "/app.js/..",
      "/app.js%00.html",
      "/index.html/../../main.js",
    ],
    ...[
      "/package.json",
      "/main.js/",
      "/C:/Windows/win.ini",
      "/file:///etc/passwd",
      "/main.d.ts",
      "/~root/x.js",
    ],
  ];
  for (const path of paths) {
    const said = await say(port, [`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, `Cookie: ${cookie}`]);
    expect([path, said.status]).toEqual([path, 404]);
  }
  // A proxy's form of a request, which names a host of its own.
  const far = ["GET http://evil.example/ HTTP/1.1", `Host: 127.0.0.1:${port}`, `Cookie: ${cookie}`];
  expect((await say(port, far)).status).not.toBe(200);
});

test("two Hosts, bare line feeds and two lengths are refused", async () => {
  const { port, cookie } = explorer;
  const own = `Host: 127.0.0.1:${port}`;
  const ask = ["POST /api/lake HTTP/1.1", own, `Cookie: ${cookie}`, "Content-Type: application/json"];
  for (const lines of [
    ["GET / HTTP/1.1", own, "Host: evil.example", `Cookie: ${cookie}`],
    ["GET / HTTP/1.1", `Cookie: ${cookie}`],
    [...ask, "Content-Length: 2", "Content-Length: 3"],
    [...ask, "Content-Length: 2", "Transfer-Encoding: chunked"],
    [...ask, "Content-Length: 2\nX: y"],
  ]) {
    const { status } = await say(port, lines, "{}");
    expect([400, 403]).toContain(status);
  }
});

test("a slow request is ended", async () => {
  const { port, cookie } = explorer;
  const head = [
    "POST /api/lake HTTP/1.1",
    `Host: 127.0.0.1:${port}`,
    `Cookie: ${cookie}`,
    "Content-Length: 50",
  ];
  const start = `${[...head, "Content-Type: application/json"].join("\r\n")}\r\n\r\n`;
  const pieces = ["{", '"', "a", '"', ":", '"', ..."xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"];
  const [body, headers] = await Promise.all([
    sayPieces(port, [start, ...pieces], 100),
    sayPieces(port, ["GET / HTTP/1.1\r\n", ...pieces.map((_, i) => `X-${i}: y\r\n`)], 100),
  ]);
  for (const { status, ms } of [body, headers]) {
    expect([408, undefined]).toContain(status);
    expect(ms).toBeLessThan(3500);
  }
  expect(await statusOf("/")).toBe(200);
});

test("every answer carries the headers that keep a browser in", async () => {
  const { port, cookie } = explorer;
  const answers = await Promise.all([
    send({ port, path: "/", headers: { cookie } }),
    send({ port, path: "/nothing.js", headers: { cookie } }),
    send({ port, path: "/", headers: { cookie, host: "evil.example" } }),
    send({ port, path: "/api/lake", headers: { cookie, ...JSON_TYPE }, ...asked }),
    send({ port, path: "/api/nothing", headers: { cookie, ...JSON_TYPE }, ...asked }),
    send({ port, path: "/open?token=x" }),
  ]);
  for (const { headers } of answers) {
    const policy = String(headers["content-security-policy"]);
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(policy).not.toMatch(/unsafe|\*|http/);
    expect(policy).toMatch(/frame-ancestors 'none'$/);
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "cache-control": "no-store",
    });
    expect(headers["access-control-allow-origin"]).toBeUndefined();
  }
});

test("it listens on 127.0.0.1 only", async () => {
  const others = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal }) => !internal)
    .map(({ address, family, scopeid }) => (family === "IPv6" && scopeid ? undefined : address));
  for (const host of ["::1", ...others.filter((address) => address !== undefined)]) {
    const reached = await new Promise<boolean>((resolve) => {
      const socket = connect({ port: explorer.port, host, timeout: 1000 });
      const end = (is: boolean) => () => {
        socket.destroy();
        resolve(is);
      };
      socket.once("connect", end(true)).once("error", end(false)).once("timeout", end(false));
    });
    expect([host, reached]).toEqual([host, false]);
  }
});

test("no fault has a stack or a path of the program in it", async () => {
  const faults = [
    await explorer.fault("values", { property: "a.b.c.", selection: { from: "x" } }),
    await explorer.fault("query", { sql: "SELECT nothing FROM events" }),
    await explorer.fault("query", { sql: "SELECT error('boom')" }),
    await explorer.fault("names", { kind: 1 }),
  ];
  for (const fault of faults) {
    expect(fault.status).toBe(400);
    expect(JSON.stringify(fault)).not.toMatch(/node_modules|\.ts:|\.js:|\\n\s+at /);
    expect(fault.wayOut).not.toBe("");
  }
});
