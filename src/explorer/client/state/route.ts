import { type Store, storeOf } from "./store.js";

/** Where the page is: the path's first part is the page's name, the rest belongs to the page; `params` as in the URL. */
export interface Route {
  readonly page: string;
  readonly rest: string;
  readonly params: URLSearchParams;
}

/** What the URL says now. */
export const route: Store<Route> = storeOf(routeOf(location));

/** The route of a URL: `/events/x?a=1` is page `events`, rest `x`; `/` is `overview`. */
export function routeOf({ pathname, search }: { pathname: string; search: string }): Route {
  const [page = "", ...rest] = pathname.split("/").slice(1).map(decoded);
  return { page: page || "overview", rest: rest.join("/"), params: new URLSearchParams(search) };
}

/** The path and query of `to`, readable: only what must be escaped is. */
export function hrefOf({ page, rest, params }: Route): string {
  const path = page === "overview" && rest === "" ? "/" : `/${[page, rest].filter(Boolean).join("/")}`;
  const query = [...params].map(([key, value]) => `${escaped(key)}=${escaped(value)}`).join("&");
  return encodeURI(path).replaceAll("?", "%3F").replaceAll("#", "%23") + (query && `?${query}`);
}

/** Goes to `to`; with `replace` the step back leads to where one was before this page's last state. */
export function go(to: Route, { replace = false } = {}): void {
  const href = hrefOf(to);
  if (href === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", href);
  route.set(routeOf(location));
}

/** Follows the browser's back and forward buttons. */
export function followHistory(): void {
  addEventListener("popstate", () => route.set(routeOf(location)));
}

function escaped(text: string): string {
  return encodeURIComponent(text).replace(/%(2C|3A|2F|5B|5D|40|24)/g, (code) => decodeURIComponent(code));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
