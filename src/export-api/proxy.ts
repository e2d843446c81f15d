import { UsageError } from "../errors/index.js";
import { isLoopback } from "./endpoint.js";

/** The environment's variables, as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy through which `url` is to be reached, as curl reads the variables: `https_proxy` or `http_proxy` by
 * the scheme of `url`, else `all_proxy`, each in small or capital letters; none for hosts in `no_proxy` (a list
 * of names, which mean their subdomains too, with or without a port, or `*`), and never for this machine.
 * Throws UsageError if the variable holds no http or https address.
 */
export function proxyFor(url: URL, env: Environment): URL | undefined {
  if (isLoopback(url.hostname) || isExempt(url, read(env, "no_proxy")?.[1] ?? "")) return undefined;
  const found = read(env, `${url.protocol.slice(0, -1)}_proxy`) ?? read(env, "all_proxy");
  if (!found) return undefined;
  const [name, value] = found;
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return new URL(address);
  throw new UsageError(
    `${name} is not the address of an http or https proxy.`,
    `Set ${name} to an address, as http://proxy.example:8080, or unset it.`,
  );
}

function read(env: Environment, name: string): [name: string, value: string] | undefined {
  for (const spelling of [name, name.toUpperCase()]) {
    const value = env[spelling]?.trim();
    if (value) return [spelling, value];
  }
  return undefined;
}

function isExempt(url: URL, list: string): boolean {
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === "*") return true;
      const [, name = "", only] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      const host = name.replace(/^\*?\./, "");
      return (only ?? port) === port && (url.hostname === host || url.hostname.endsWith(`.${host}`));
    });
}
