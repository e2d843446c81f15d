import { UsageError } from "../../errors/index.js";

/** A Spark Connect server. */
export interface SparkAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly userId: string;
  /** Sent as `authorization: Bearer …`; never shown. */
  readonly token: string | undefined;
  /** Further headers of every request, such as Databricks' `x-databricks-cluster-id`. */
  readonly headers: Readonly<Record<string, string>>;
}

const PORT = 15_002;
const WAY_OUT = "Write it as sc://host:15002, with settings behind it as in sc://host:443/;use_ssl=true.";

/**
 * Reads a connection string of Spark Connect: `sc://host:port/;name=value;…` with `token`, `use_ssl`, `user_id`, and headers. A token,
 * which may come beside it, asks for TLS. Throws UsageError.
 * Source: https://github.com/apache/spark/blob/master/sql/connect/docs/client-connection-string.md
 */
export function sparkAddress(text: string, token?: string | undefined): SparkAddress {
  const shown = text.replace(/(token=)[^;]*/gi, "$1…");
  const [, authority, settings = ""] = /^sc:\/\/([^/;?#@\s]+)(?:\/(?:;(.*))?)?$/s.exec(text) ?? [];
  if (authority === undefined) throw new UsageError(`The Spark server is given as ${shown}.`, WAY_OUT);
  const [, host, given] = /^(\[[\da-f:.]+\]|[^:]+)(?::(\d{1,5}))?$/i.exec(authority) ?? [];
  const port = given === undefined ? PORT : Number(given);
  if (host === undefined || port < 1 || port > 65_535) {
    throw new UsageError(`The Spark server is given as ${shown}.`, WAY_OUT);
  }
  const named = new Map<string, string>();
  for (const part of settings.split(";").filter((one) => one !== "")) {
    const at = part.indexOf("=");
    if (at < 1)
      throw new UsageError(`The Spark server is given as ${shown}: a setting has no name.`, WAY_OUT);
    named.set(part.slice(0, at), decodeURIComponent(part.slice(at + 1)));
  }
  const {
    token: own,
    use_ssl,
    user_id,
    user_agent: _,
    session_id: __,
    ...headers
  } = Object.fromEntries(named);
  const secret = token ?? own;
  return {
    ...{ host, port, userId: user_id ?? "ampframe", token: secret, headers },
    tls: use_ssl === undefined ? secret !== undefined : use_ssl.toLowerCase() === "true",
  };
}
