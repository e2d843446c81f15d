import { useEffect, useRef, useState } from "preact/hooks";
import type { Api } from "../../api.js";
import { ask } from "../api.js";
import { lakeVersion } from "../state/lake.js";
import { useStore } from "../state/store.js";

/** What is known of an answer: the newest one that came, whether a newer one is awaited, or the fault. */
export interface Awaited<T> {
  readonly data: T | undefined;
  readonly loading: boolean;
  readonly fault: unknown;
  /** Asks again. */
  retry(): void;
}

const KEPT = 60;
const kept = new Map<string, unknown>();

/**
 * The answer to a question. It is asked anew when `input` or the lake changes, and the question before is given up; until the
 * new answer is there `data` is the old one. With undefined nothing is asked. Answers are kept, the newest 60, until the lake
 * changes; `fresh` asks in any case.
 */
export function useAnswer<N extends keyof Api>(
  name: N,
  input: Api[N]["in"] | undefined,
  { fresh = false } = {},
): Awaited<Api[N]["out"]> {
  const version = useStore(lakeVersion);
  const key = input === undefined ? undefined : `${name} ${version} ${JSON.stringify(input)}`;
  const [state, setState] = useState<{ key: string | undefined; data?: Api[N]["out"]; fault?: unknown }>({
    key: undefined,
  });
  const [turn, setTurn] = useState(0);
  const asked = useRef(input);
  asked.current = input;
  useEffect(() => {
    const given = asked.current;
    if (key === undefined || given === undefined) return;
    if (!fresh && kept.has(key)) {
      setState({ key, data: kept.get(key) as Api[N]["out"] });
      return;
    }
    const stop = new AbortController();
    ask(name, given, stop.signal).then(
      (data) => {
        keep(key, data);
        if (!stop.signal.aborted) setState({ key, data });
      },
      (fault: unknown) => {
        if (!stop.signal.aborted) setState((before) => ({ ...before, key, fault }));
      },
    );
    return () => stop.abort();
  }, [name, key, fresh, turn]);
  const ready = key !== undefined && !fresh && kept.has(key) ? (kept.get(key) as Api[N]["out"]) : undefined;
  const current = state.key === key;
  return {
    data: key === undefined ? undefined : (ready ?? state.data),
    loading: key !== undefined && ready === undefined && !current,
    fault: current ? state.fault : undefined,
    retry() {
      setState((before) => ({ ...before, key: undefined, fault: undefined }));
      setTurn((before) => before + 1);
    },
  };
}

function keep(key: string, data: unknown): void {
  kept.delete(key);
  kept.set(key, data);
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
}
