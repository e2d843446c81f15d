import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { ExchangeFault } from "./fault.js";
import { type Environment, proxyFor } from "./proxy.js";

/** How a connection is made. */
export interface ConnectOptions {
  readonly signal: AbortSignal;
  /** To open a connection, in milliseconds. */
  readonly connectMs: number;
  /** Where the proxy variables stand. */
  readonly env: Environment;
}

/**
 * A GET of `url` on a connection of its own, not yet sent, through the proxy that the environment names. A https
 * address is reached by a tunnel, so that the proxy sees neither headers nor body.
 */
export async function openRequest(
  url: URL,
  headers: Readonly<Record<string, string>>,
  options: ConnectOptions,
): Promise<ClientRequest> {
  const proxy = proxyFor(url, options.env);
  const { signal } = options;
  let request: ClientRequest;
  if (proxy === undefined) {
    request = send(url)(url, { headers, signal, agent: false });
  } else if (url.protocol === "http:") {
    const all = { ...headers, ...proxyHeaders(proxy), host: url.host };
    request = send(proxy)(target(proxy), {
      headers: all,
      path: url.origin + url.pathname + url.search,
      signal,
      agent: false,
    });
  } else {
    const socket = await openTunnel(url, proxy, options);
    const { hostname: host } = url;
    const secure = { socket, host, ...(isIP(host) ? {} : { servername: host }), ALPNProtocols: ["http/1.1"] };
    const createConnection = () => connectTls(secure);
    request = httpsRequest({ ...base(url), headers, signal, createConnection });
  }
  failIfNotConnected(request, options.connectMs, url.protocol === "https:" ? "secureConnect" : "connect");
  return request;
}

/** A connection to the host and port of `url` that `proxy` passes on as it is (CONNECT). */
export function openTunnel(url: URL, proxy: URL, { signal, connectMs }: ConnectOptions): Promise<Socket> {
  const place = `${url.hostname}:${url.port || 443}`;
  return new Promise((resolve, reject) => {
    const headers = { ...proxyHeaders(proxy), host: place };
    const request = send(proxy)(target(proxy), {
      method: "CONNECT",
      path: place,
      headers,
      signal,
      agent: false,
    });
    const timer = setTimeout(() => request.destroy(new ExchangeFault("network", LATE)), connectMs);
    const refuse = (status: number | undefined) =>
      new ExchangeFault(
        status === 403 || status === 407 ? "proxy" : "network",
        `the proxy ${proxy.host} does not pass it on (status ${status})`,
      );
    request.on("connect", (response: IncomingMessage, socket: Socket) => {
      clearTimeout(timer);
      if (response.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(refuse(response.statusCode));
    });
    request.on("response", (response) => {
      response.destroy();
      reject(refuse(response.statusCode));
    });
    request.on("error", reject);
    request.on("close", () => clearTimeout(timer));
    request.end();
  });
}

const LATE = "no connection came about in time";

function send(url: URL): (url: URL | RequestOptions, options: RequestOptions) => ClientRequest {
  return (to, options) =>
    (url.protocol === "https:" ? httpsRequest : httpRequest)({ ...base(to), ...options });
}

function base(to: URL | RequestOptions): RequestOptions {
  if (!(to instanceof URL)) return to;
  return { ...target(to), path: to.pathname + to.search };
}

/** Host and port of `url`; never its user part, which Node would send as credentials. */
function target({ protocol, hostname, port }: URL): RequestOptions {
  return { protocol, hostname: hostname.replace(/^\[|\]$/g, ""), port: port || undefined };
}

function proxyHeaders({ username, password }: URL): Record<string, string> {
  if (username === "") return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(pair).toString("base64")}` };
}

function failIfNotConnected(request: ClientRequest, ms: number, event: "connect" | "secureConnect"): void {
  const timer = setTimeout(() => request.destroy(new ExchangeFault("network", LATE)), ms);
  const stop = () => clearTimeout(timer);
  request.once("socket", (socket) => socket.once(event, stop));
  request.once("response", stop);
  request.once("close", stop);
}
