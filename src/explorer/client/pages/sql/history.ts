const KEY = "ampframe-sql";
const MOST = 50;

/** The statements that were run in this browser, the newest first. */
export function history(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((sql) => typeof sql === "string") : [];
  } catch {
    return [];
  }
}

/** Puts a statement at the beginning of the history. */
export function remember(sql: string): void {
  try {
    const others = history().filter((one) => one !== sql);
    localStorage.setItem(KEY, JSON.stringify([sql, ...others].slice(0, MOST)));
  } catch {
    // A browser that keeps nothing has no history.
  }
}
