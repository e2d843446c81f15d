import type { Dispatcher } from "undici";
import { UsageError } from "../errors/index.js";
import { isLoopback } from "./endpoint.js";
import type { DownloadLimits } from "./limits.js";

const PROXY_VARIABLES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"] as const;

/**
 * Connections for `url`: through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name, in either case; but
 * always direct to this machine. Throws UsageError if a proxy variable is no address.
 */
export async function openConnections(
  url: string,
  { connectMs }: Pick<DownloadLimits, "connectMs">,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Dispatcher> {
  const { Agent, EnvHttpProxyAgent } = await import("undici");
  const connect = { timeout: connectMs };
  const set = PROXY_VARIABLES.filter((name) => env[name]);
  if (set.length === 0 || isLoopback(new URL(url).hostname)) return new Agent({ connect });
  for (const name of set) {
    if (!URL.canParse(env[name]!) || !/^(https?|socks5?):$/.test(new URL(env[name]!).protocol)) {
      throw new UsageError(
        `${name} is not the address of a proxy.`,
        `Set ${name} to an address, as http://proxy.example:8080, or unset it.`,
      );
    }
  }
  const given = (name: string) => env[name.toLowerCase()] ?? env[name];
  const proxies = {
    httpProxy: given("HTTP_PROXY"),
    httpsProxy: given("HTTPS_PROXY"),
    noProxy: given("NO_PROXY"),
  };
  const present = Object.fromEntries(Object.entries(proxies).filter(([, value]) => value));
  return new EnvHttpProxyAgent({ ...present, connect, proxyTls: connect, requestTls: connect });
}
