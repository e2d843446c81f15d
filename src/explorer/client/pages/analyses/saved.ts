import { useEffect } from "preact/hooks";
import type { AnalysisBoard, SavedAnalysis } from "../../../../index.js";
import { ask } from "../../api.js";
import { storeOf, useStore } from "../../state/store.js";

interface Saved {
  readonly analyses: readonly SavedAnalysis[];
  readonly boards: readonly AnalysisBoard[];
  readonly fault?: unknown;
}

const saved = storeOf<Saved | undefined>(undefined);

/** Asks for what is kept in the lake. */
export async function refreshSaved(): Promise<void> {
  try {
    saved.set(await ask("analyses", {}));
  } catch (fault) {
    saved.set({ analyses: [], boards: [], fault });
  }
}

/** Saved analyses and boards; undefined until they are known. */
export function useSaved(): Saved | undefined {
  useEffect(() => {
    void refreshSaved();
  }, []);
  return useStore(saved);
}
