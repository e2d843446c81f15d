import { type Store, storeOf } from "./store.js";

/** Where one is: the path is the page's name, `params` as in the URL. */
export interface Route {
  readonly page: string;
  readonly params: URLSearchParams;
}

/** What the URL says now. */
export const route: Store<Route> = storeOf(routeOf(location));

/** The route of a URL: `/events?a=1` is page `events`, `/` is `overview`. */
export function routeOf({ pathname, search }: { pathname: string; search: string }): Route {
  return { page: decoded(pathname.slice(1)) || "overview", params: new URLSearchParams(search) };
}

/** The path and query of `to`, readable: only what must be escaped is. */
export function hrefOf({ page, params }: Route): string {
  const query = [...params].map(([key, value]) => `${escaped(key)}=${escaped(value)}`).join("&");
  return `/${page === "overview" ? "" : encodeURIComponent(page)}${query && `?${query}`}`;
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
