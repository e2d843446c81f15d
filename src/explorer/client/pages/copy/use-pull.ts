import { useEffect, useRef, useState } from "preact/hooks";
import type { PullState } from "../../../api.js";
import { ask } from "../../api.js";
import { refreshLake } from "../../state/lake.js";
import { toast } from "../../ui/toast.js";

const AGAIN_MS = 300;

/** How a pull goes, and what starts and stops one. It is followed while it is at work, also if another tab started it. */
export function usePull() {
  const [state, setState] = useState<PullState>();
  const [turn, setTurn] = useState(0);
  const wasRunning = useRef(false);
  useEffect(() => {
    const stop = new AbortController();
    const follow = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        const now = await ask("pull-state", {}, stop.signal);
        setState(now);
        if (now.state !== "running") {
          if (wasRunning.current) await refreshLake();
          wasRunning.current = false;
          return;
        }
        wasRunning.current = true;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    };
    follow().catch(() => {});
    return () => stop.abort();
  }, [turn]);
  const act = async (name: "pull" | "stop-pull"): Promise<void> => {
    try {
      setState(await ask(name, {}));
    } catch (fault) {
      toast(fault instanceof Error ? fault.message : String(fault), { bad: true });
    }
    wasRunning.current = true;
    setTurn((before) => before + 1);
  };
  return { state, start: () => act("pull"), stop: () => act("stop-pull") };
}
