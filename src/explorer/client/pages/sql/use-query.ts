import { useEffect, useRef, useState } from "preact/hooks";
import type { Rows } from "../../../api.js";
import { ask } from "../../api.js";
import { remember } from "./history.js";

/** What is known of a statement that was run. */
export interface QueryState {
  readonly rows?: Rows;
  readonly fault?: unknown;
  readonly running: boolean;
}

/** Runs one statement at a time: a new one ends the one before. */
export function useQuery() {
  const [state, setState] = useState<QueryState>({ running: false });
  const current = useRef<AbortController>(undefined);
  useEffect(() => () => current.current?.abort(), []);
  const run = (sql: string): void => {
    current.current?.abort();
    const stop = new AbortController();
    current.current = stop;
    setState((before) => ({ ...(before.rows && { rows: before.rows }), running: true }));
    ask("query", { sql }, stop.signal).then(
      (rows) => {
        remember(sql);
        setState({ rows, running: false });
      },
      (fault: unknown) => {
        if (!stop.signal.aborted) setState({ fault, running: false });
      },
    );
  };
  const stop = (): void => {
    current.current?.abort();
    setState((before) => ({ ...before, running: false }));
  };
  return { ...state, run, stop };
}
