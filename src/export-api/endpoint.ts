import { UsageError } from "../errors/index.js";

/** Where Amplitude keeps a project's data: `us` unless it was created in the EU. */
export type Region = "us" | "eu";

/** An Export API to ask. */
export interface Endpoint {
  readonly region: Region;
  /** The address up to the query: `https://amplitude.com/api/2/export`. */
  readonly url: string;
  /** True if it is not Amplitude's own: a proxy, or the emulator. */
  readonly custom: boolean;
}

/** What decides the endpoint. */
export interface EndpointOptions {
  /** Default `us`. */
  readonly region?: Region | undefined;
  /** A base address that `/api/2/export` is appended to; default Amplitude's own for the region. */
  readonly endpoint?: string | undefined;
  /** Allows plain http to other machines, which shows the keys to everyone on the way. Default false. */
  readonly insecureHttp?: boolean | undefined;
}

const BASES: Readonly<Record<Region, string>> = {
  us: "https://amplitude.com",
  eu: "https://analytics.eu.amplitude.com",
};
const PATH = "/api/2/export";
const DELETIONS_PATH = "/api/2/deletions/users";
const EVENT_LIST_PATH = "/api/2/events/list";

/**
 * The endpoint that `options` mean. Throws UsageError if the address is no http(s) URL, holds a user, a
 * password, a query or a fragment, or is plain http to another machine.
 */
export function chooseEndpoint({ region = "us", endpoint, insecureHttp }: EndpointOptions = {}): Endpoint {
  if (endpoint === undefined) return { region, url: BASES[region] + PATH, custom: false };
  const base = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (!base || !/^https?:$/.test(base.protocol)) {
    throw refused("is not an http or https address");
  }
  if (base.username !== "" || base.password !== "") {
    throw refused("holds a user name or a password");
  }
  if (base.search !== "" || base.hash !== "") throw refused("has a query or a fragment");
  if (base.protocol === "http:" && !isLoopback(base.hostname) && !insecureHttp) {
    throw new UsageError(
      `The endpoint ${base.origin} is plain http on another machine: the keys could be read on the way.`,
      "Use https, or allow it with --insecure-http if you trust the network.",
    );
  }
  const path = base.pathname.replace(/\/+$/, "");
  return { region, url: base.origin + (path.endsWith(PATH) ? path : path + PATH), custom: true };
}

/** The User Privacy API at the same base address: its list of deletion jobs. */
export function deletionsEndpoint(endpoint: Endpoint): Endpoint {
  return { ...endpoint, url: endpoint.url.slice(0, -PATH.length) + DELETIONS_PATH };
}

/** The Events List API at the same base address. */
export function eventListEndpoint(endpoint: Endpoint): Endpoint {
  return { ...endpoint, url: endpoint.url.slice(0, -PATH.length) + EVENT_LIST_PATH };
}

/** True if `host`, as a URL has it, is this machine. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function refused(what: string): UsageError {
  return new UsageError(
    `The endpoint ${what}.`,
    `Give a base address, as https://example.com; ${PATH} is appended to it.`,
  );
}
