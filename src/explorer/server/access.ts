import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** What a request is for. */
export type Purpose = "navigation" | "part" | "question" | "download";

/** Decides who may ask. */
export class Access {
  readonly #port: number;
  readonly #key = secret();
  #token: string | undefined = secret();

  constructor(port: number) {
    this.#port = port;
  }

  /** The address that lets a browser in, once. */
  get openUrl(): string {
    return `${this.#origin}/open?token=${this.#token}`;
  }

  get #origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The cookie's name has the port in it: cookies are shared by all ports of a host. */
  get #cookie(): string {
    return `ampframe_${this.#port}`;
  }

  /** Takes the token of `openUrl` for a cookie. Undefined if it is wrong, or was taken before. */
  enter(token: string | null): string | undefined {
    if (this.#token === undefined || token === null || !isSame(token, this.#token)) return undefined;
    this.#token = undefined;
    return `${this.#cookie}=${this.#key}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /** True if the request has the cookie. */
  isKnown(request: IncomingMessage): boolean {
    const cookies = (request.headers.cookie ?? "").split("; ");
    return cookies.some((cookie) => isSame(cookie, `${this.#cookie}=${this.#key}`));
  }

  /** Why a request is not from the explorer's own page, or from a person who opens it; undefined if it is. */
  strangeness(request: IncomingMessage, purpose: Purpose): string | undefined {
    const { headers } = request;
    const hosts = [`127.0.0.1:${this.#port}`, `localhost:${this.#port}`];
    const host = request.headersDistinct.host ?? [];
    if (host.length !== 1 || !hosts.includes(host[0] ?? "")) return "It was sent to another host.";
    if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) {
      return "It comes from another site's page.";
    }
    const site = headers["sec-fetch-site"];
    const isOwn =
      site === undefined || site === "same-origin" || (site === "none" && purpose === "navigation");
    if (!isOwn) return "It comes from another site.";
    const mode = headers["sec-fetch-mode"];
    if (mode === "navigate" && purpose !== "navigation" && purpose !== "download")
      return "It is no page to go to.";
    const destination = headers["sec-fetch-dest"];
    if (purpose === "navigation" && destination !== undefined && destination !== "document") {
      return "A page cannot be a part of another.";
    }
    return undefined;
  }
}

function secret(): string {
  return randomBytes(32).toString("base64url");
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
