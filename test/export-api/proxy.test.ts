import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DownloadError, UsageError } from "../../src/errors/index.js";
import { type Answer, chooseEndpoint, downloadWindow, REAL_EFFECTS } from "../../src/export-api/index.js";
import { type Environment, proxyFor } from "../../src/export-api/proxy.js";
import { parseHourRange } from "../../src/hour.js";
import { buildZip } from "../archive/build-zip.js";
import { answer, type ScriptedServer, startScriptedServer } from "./scripted-server.js";

const HOUR = parseHourRange("2026-11-22T05", "2026-11-22T05")!;
const ZIP = buildZip([]);
const PASSWORD = "canary-proxy-password";

test.each<[string, Environment, string | undefined]>([
  ["https://amplitude.com/", {}, undefined],
  ["https://amplitude.com/", { HTTPS_PROXY: "http://p.example:3128" }, "http://p.example:3128/"],
  [
    "https://amplitude.com/",
    { https_proxy: "p.example:3128", HTTPS_PROXY: "http://other/" },
    "http://p.example:3128/",
  ],
  ["https://amplitude.com/", { HTTP_PROXY: "http://p.example" }, undefined],
  ["http://a.example/", { HTTP_PROXY: "http://p.example" }, "http://p.example/"],
  ["http://a.example/", { ALL_PROXY: "https://p.example" }, "https://p.example/"],
  ["https://amplitude.com/", { HTTPS_PROXY: "http://p", NO_PROXY: "*" }, undefined],
  ["https://amplitude.com/", { HTTPS_PROXY: "http://p", no_proxy: "x.org, .amplitude.com" }, undefined],
  ["https://analytics.eu.amplitude.com/", { HTTPS_PROXY: "http://p", NO_PROXY: "amplitude.com" }, undefined],
  ["https://notamplitude.com/", { HTTPS_PROXY: "http://p", NO_PROXY: "amplitude.com" }, "http://p/"],
  ["https://amplitude.com/", { HTTPS_PROXY: "http://p", NO_PROXY: "amplitude.com:8443" }, "http://p/"],
  ["https://amplitude.com:8443/", { HTTPS_PROXY: "http://p", NO_PROXY: "amplitude.com:8443" }, undefined],
  ["http://127.0.0.1:99/", { HTTP_PROXY: "http://p" }, undefined],
])("the proxy for %s by %j", (url, env, proxy) => {
  expect(proxyFor(new URL(url), env)?.href).toBe(proxy);
});

test("a variable that is no address of a proxy is named, without its password", () => {
  for (const value of [`socks5://me:${PASSWORD}@p:1080`, `http://me:${PASSWORD}@`]) {
    const look = () => proxyFor(new URL("https://amplitude.com"), { HTTPS_PROXY: value });
    expect(look).toThrow(UsageError);
    expect(look).toThrow(/^HTTPS_PROXY is not/);
    expect(look).not.toThrow(PASSWORD);
  }
});

describe("through a proxy", () => {
  let origin: ScriptedServer;
  let proxy: { readonly server: Server; readonly port: number };
  let directory: string;
  let seen: { line: string; authorization: string | undefined }[] = [];
  let tunnelTo = 0;
  let refuseWith = 0;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "ampframe-proxy-"));
    origin = await startScriptedServer();
    // It knows no names: whatever it is asked for, it fetches from the scripted server.
    const server = createServer((request, response) => {
      seen.push({
        line: `${request.method} ${request.url}`,
        authorization: request.headers["proxy-authorization"],
      });
      if (refuseWith) return void response.writeHead(refuseWith).end();
      const { pathname, search } = new URL(request.url!);
      fetch(origin.origin + pathname + search, {
        headers: { authorization: request.headers.authorization! },
      }).then(async (got) => {
        response.writeHead(got.status);
        response.end(Buffer.from(await got.arrayBuffer()));
      });
    });
    server.on("connect", (request, socket) => {
      seen.push({
        line: `${request.method} ${request.url}`,
        authorization: request.headers["proxy-authorization"],
      });
      if (refuseWith) return void socket.end(`HTTP/1.1 ${refuseWith} No\r\ncontent-length: 0\r\n\r\n`);
      const upstream = connect(tunnelTo, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        upstream.pipe(socket).pipe(upstream);
      });
      for (const end of [upstream, socket])
        end.on("error", () => [upstream, socket].map((each) => each.destroy()));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    proxy = { server, port: (server.address() as AddressInfo).port };
  });
  afterAll(async () => {
    rmSync(directory, { recursive: true, force: true });
    proxy.server.close();
    await origin[Symbol.asyncDispose]();
  });

  async function run(endpoint: string, user = ""): Promise<{ answer: Answer | undefined; error: unknown }> {
    seen = [];
    const address = `http://${user}127.0.0.1:${proxy.port}`;
    const effects = {
      ...REAL_EFFECTS,
      sleep: async () => undefined,
      env: { HTTP_PROXY: address, HTTPS_PROXY: address },
    };
    const log: unknown[] = [];
    const options = {
      endpoint: chooseEndpoint({ endpoint, insecureHttp: true }),
      credentials: { apiKey: "key", secretKey: "secret" },
      directory,
      limits: { attempts: 2 },
      log: (entry: unknown) => void log.push(entry),
    };
    const result = await downloadWindow(HOUR, options, effects).then(
      (got) => ({ answer: got, error: undefined }),
      (error: unknown) => ({ answer: undefined, error }),
    );
    expect(inspect({ result, log }, { depth: 20, showHidden: true })).not.toContain(PASSWORD);
    return result;
  }

  test("plain http is passed on, with the proxy's own name and password", async () => {
    origin.script(answer(200, ZIP));
    const { answer: got } = await run("http://export.test", `me:${PASSWORD}%21@`);
    expect(got).toMatchObject({ kind: "archive", bytes: 22 });
    expect(seen).toEqual([
      {
        line: "GET http://export.test/api/2/export?start=20261122T05&end=20261122T05",
        authorization: `Basic ${btoa(`me:${PASSWORD}!`)}`,
      },
    ]);
    expect(origin.requests[0]!.headers.authorization).toBe(`Basic ${btoa("key:secret")}`);
  });

  test("a proxy that wants a password is reported at once", async () => {
    refuseWith = 407;
    const { error } = await run("https://export.test");
    refuseWith = 0;
    expect(error).toBeInstanceOf(DownloadError);
    expect(String(error)).toMatch(
      /https:\/\/export\.test cannot be reached: the proxy 127\.0\.0\.1:\d+ does not pass it on \(status 407\)/,
    );
    expect(seen).toEqual([{ line: "CONNECT export.test:443", authorization: undefined }]);
  });

  test("a proxy that is out of order is asked again", async () => {
    refuseWith = 503;
    const { error } = await run("https://export.test");
    refuseWith = 0;
    expect(error).toBeInstanceOf(DownloadError);
    expect(seen).toHaveLength(2);
  });

  const certificate = selfSigned();
  test.skipIf(certificate === undefined)(
    "https goes through a tunnel, where an unknown certificate is not accepted",
    async () => {
      const secure = createHttpsServer(certificate!, (_, response) => void response.end(ZIP));
      await new Promise<void>((resolve) => secure.listen(0, "127.0.0.1", resolve));
      tunnelTo = (secure.address() as AddressInfo).port;
      const { error } = await run("https://export.test");
      expect(seen).toEqual([{ line: "CONNECT export.test:443", authorization: undefined }]);
      expect(error).toBeInstanceOf(DownloadError);
      expect(String(error)).toMatch(
        /cannot be trusted: its certificate is not accepted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
      );

      process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
      try {
        expect((await run("https://export.test")).answer).toMatchObject({
          kind: "archive",
          bytes: 22,
          attempts: 1,
        });
      } finally {
        delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      }
      secure.close();
    },
  );
});

/** A key and a certificate for export.test by openssl; undefined where it is missing. */
function selfSigned(): { key: Buffer; cert: Buffer } | undefined {
  const folder = mkdtempSync(join(tmpdir(), "ampframe-tls-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const options = [
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-days",
    "2",
    "-subj",
    "/CN=export.test",
  ];
  try {
    execFileSync(
      "openssl",
      ["req", "-x509", ...options, "-addext", "subjectAltName=DNS:export.test", "-keyout", key, "-out", cert],
      { stdio: "ignore" },
    );
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
