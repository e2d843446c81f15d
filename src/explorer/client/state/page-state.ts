import { useCallback } from "preact/hooks";
import { go, route } from "./route.js";
import { useStore } from "./store.js";

/**
 * A page's own piece of state, kept in the URL under `key`: its text, or `fallback` where the URL has none. Keys that the
 * selection has (`from`, `to`, `event`, `where`, `cohort`) are not free. Setting replaces the entry in the browser's history;
 * with `push` the back button undoes it.
 */
export function usePageState(
  key: string,
  fallback = "",
): [string, (value: string, options?: { push?: boolean }) => void] {
  const { params } = useStore(route);
  const set = useCallback(
    (value: string, { push = false } = {}) => {
      const now = route.get();
      const params = new URLSearchParams(now.params);
      if (value === fallback) params.delete(key);
      else params.set(key, value);
      go({ ...now, params }, { replace: !push });
    },
    [key, fallback],
  );
  return [params.get(key) ?? fallback, set];
}
