import { useEffect, useRef, useState } from "preact/hooks";
import type { Selection } from "../../../api.js";
import { ask, isAbort } from "../../api.js";
import { lakeVersion } from "../../state/lake.js";
import { useStore } from "../../state/store.js";
import { EventStream, type StreamInput } from "./event-stream.js";
import type { Times } from "./times.js";

/** A stream to be shown, and what is known of it. */
export interface ShownStream {
  /** Undefined until the first rows of the first one came. Rows of the one before are shown until the next one has some. */
  readonly stream: EventStream | undefined;
  /** When its events happened; undefined until that is counted. */
  readonly times: Times | undefined;
  /** Whether what is shown is not yet what was asked for. */
  readonly isOld: boolean;
  readonly fault: unknown;
  retry(): void;
}

const STEPS = 400;

/** The stream of a selection in an order, with these columns of each event. */
export function useStream(
  selection: Selection,
  order: StreamInput["order"],
  columns: readonly string[],
): ShownStream {
  const version = useStore(lakeVersion);
  const [, draw] = useState(0);
  const redraw = useRef(() => draw((turn) => turn + 1));
  const streams = useRef<{ shown?: EventStream; next?: EventStream }>({});
  const asked = useRef({ selection, order, columns });
  asked.current = { selection, order, columns };
  const key = JSON.stringify([version, selection, order]);
  useEffect(() => {
    const { selection, order, columns } = asked.current;
    const { current } = streams;
    const stream: EventStream = new EventStream({ selection, order }, columns, ask, () => {
      if (current.next === stream && stream.isReady) {
        current.shown?.close();
        current.shown = stream;
        delete current.next;
      }
      redraw.current();
    });
    current.next?.close();
    current.next = stream;
    redraw.current();
  }, [key]);
  const names = columns.join("\n");
  useEffect(() => {
    streams.current.shown?.setColumns(asked.current.columns);
    streams.current.next?.setColumns(asked.current.columns);
  }, [names]);
  useEffect(
    () => () => {
      streams.current.shown?.close();
      streams.current.next?.close();
      streams.current = {};
    },
    [],
  );

  const times = useTimes(JSON.stringify([version, selection]), asked);
  const { shown, next } = streams.current;
  const total = times.data?.total;
  useEffect(() => {
    // As long as another is awaited, the one that is shown is of the selection before.
    const { shown, next } = streams.current;
    if (total !== undefined) (next ?? shown)?.setTotal(total);
  }, [total, key, shown, next]);
  const fault = next?.fault ?? shown?.fault ?? times.fault;
  return {
    stream: shown,
    times: times.data,
    isOld: next !== undefined,
    fault,
    retry() {
      next?.retry();
      shown?.retry();
      times.retry();
    },
  };
}

/** Asks when the events of the selection happened. What is known of the one before is not given: it would be wrong. */
function useTimes(key: string, asked: { readonly current: { readonly selection: Selection } }) {
  const [state, setState] = useState<{ key: string; data?: Times; fault?: unknown }>({ key: "" });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    ask("times", { selection: asked.current.selection, steps: STEPS }, stop.signal).then(
      (data) => setState({ key, data }),
      (fault: unknown) => {
        if (!isAbort(fault)) setState({ key, fault });
      },
    );
    return () => stop.abort();
  }, [key, turn, asked]);
  const current = state.key === key ? state : undefined;
  return { data: current?.data, fault: current?.fault, retry: () => setTurn((before) => before + 1) };
}
