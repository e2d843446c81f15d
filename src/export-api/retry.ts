/** How long and how often a request is repeated. */
export interface RetryBudget {
  /** Requests for one window, the first included. Default 7. */
  readonly attempts: number;
  /** Time in milliseconds after which no further request is begun. Default 20 minutes. */
  readonly totalMs: number;
  /** The first wait lasts up to this long, each further one up to twice as long as the one before. Default 1 s. */
  readonly baseMs: number;
  /** No wait of our own choice is longer. Default 60 s. */
  readonly capMs: number;
}

/** The budget that holds unless an option says otherwise. */
export const DEFAULT_BUDGET: RetryBudget = {
  attempts: 7,
  totalMs: 20 * 60_000,
  baseMs: 1000,
  capMs: 60_000,
};

/** What to do after a failed attempt. */
export type NextTry =
  | { readonly kind: "wait"; readonly ms: number; readonly because: "retry-after" | "backoff" }
  | { readonly kind: "giveUp"; readonly because: string };

/**
 * What to do after `attempts` requests and `elapsedMs` since the first began. The server's `retryAfterMs`
 * outranks our guess, which is full jitter: `random()` of a bound that doubles. A server that asks for more time
 * than the budget has left is not asked again.
 */
export function nextTry(
  state: { attempts: number; elapsedMs: number; retryAfterMs?: number | undefined },
  budget: RetryBudget,
  random: () => number,
): NextTry {
  const left = budget.totalMs - state.elapsedMs;
  if (state.attempts >= budget.attempts) return giveUp(`${times(state.attempts)}, as often as allowed`);
  if (left <= 0) return giveUp(`${times(state.attempts)} in ${seconds(state.elapsedMs)}, as long as allowed`);
  if (state.retryAfterMs !== undefined) {
    if (state.retryAfterMs <= left) return { kind: "wait", ms: state.retryAfterMs, because: "retry-after" };
    return giveUp(
      `the server asks to wait ${seconds(state.retryAfterMs)}; ${seconds(left)} of the time budget are left`,
    );
  }
  const bound = Math.min(budget.capMs, budget.baseMs * 2 ** (state.attempts - 1));
  return { kind: "wait", ms: Math.min(left, Math.round(random() * bound)), because: "backoff" };
}

/**
 * The wait in milliseconds that a Retry-After header (RFC 9110, 10.2.3) asks for: seconds, or a date, which is
 * compared with `now`, in milliseconds since 1970. Undefined if it is neither.
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  if (!/^[A-Za-z]{3,9},? .*\d/.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function giveUp(because: string): NextTry {
  return { kind: "giveUp", because };
}

function times(count: number): string {
  return count === 1 ? "asked once" : `asked ${count} times`;
}

function seconds(ms: number): string {
  return `${Math.ceil(ms / 1000).toLocaleString("en-US")} s`;
}
