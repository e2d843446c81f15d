import { useEffect, useState } from "preact/hooks";
import type { Api } from "../../../api.js";
import { ask } from "../../api.js";
import { lakeVersion } from "../../state/lake.js";
import { useStore } from "../../state/store.js";

/** The schema as far as it is known: how far reading it is, or why it cannot be had. */
export interface SchemaState {
  readonly schema?: NonNullable<Api["schema"]["out"]["schema"]>;
  readonly progress?: Api["schema"]["out"]["progress"];
  readonly fault?: unknown;
}

const AGAIN_MS = 250;

/** Asks for the schema until it has been read; again when the lake changes or `retry` is called. */
export function useSchema(): SchemaState & { retry(): void } {
  const version = useStore(lakeVersion);
  const [state, setState] = useState<SchemaState>({});
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    const follow = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        const { schema, progress } = await ask("schema", {}, stop.signal);
        if (schema !== null) return setState({ schema });
        setState((before) => ({ ...before, progress }));
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    };
    follow().catch((fault: unknown) => {
      if (!stop.signal.aborted) setState({ fault });
    });
    return () => stop.abort();
  }, [version, turn]);
  return { ...state, retry: () => setTurn(turn + 1) };
}
