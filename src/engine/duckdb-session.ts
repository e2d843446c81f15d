import type { DuckDBConnection } from "@duckdb/node-api";
import { CancelledError } from "../errors/index.js";

const INTERRUPT_AGAIN_MS = 20;

/** A connection, and what ends it; called once. */
export interface Session {
  readonly connection: DuckDBConnection;
  readonly close: () => void;
}

/** Watches a signal for as long as a query lasts. */
export interface Guard {
  /** Throws if the signal has been given. */
  check(): void;
  /** The error for the caller if the signal was given, else undefined. */
  cancelled(): CancelledError | undefined;
  release(): void;
}

/** Interrupts `session` once `signal` is given, and again until released: an interrupt between tasks is lost. */
export function guardOf(session: DuckDBConnection, signal: AbortSignal | undefined): Guard {
  let timer: NodeJS.Timeout | undefined;
  const interrupt = () => {
    session.interrupt();
    timer = setInterval(() => session.interrupt(), INTERRUPT_AGAIN_MS).unref();
  };
  signal?.addEventListener("abort", interrupt, { once: true });
  const cancelled = () =>
    signal?.aborted
      ? new CancelledError("The query was cancelled.", "Run it again when you want its result.", {
          cause: signal.reason,
        })
      : undefined;
  return {
    cancelled,
    check: () => {
      const error = cancelled();
      if (error) throw error;
    },
    release: () => {
      clearInterval(timer);
      signal?.removeEventListener("abort", interrupt);
    },
  };
}
