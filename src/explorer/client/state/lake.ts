import type { LakeFacts } from "../../api.js";
import { ask } from "../api.js";
import { storeOf } from "./store.js";

/** What is known of the lake; undefined until the first answer. */
export const lake = storeOf<LakeFacts | undefined>(undefined);
/** Why the lake could not be read; undefined if it could. */
export const lakeFault = storeOf<unknown>(undefined);
/** The lake's newest commit: answers of another one are not taken again. */
export const lakeVersion = storeOf(-1);

/** Asks for the lake's facts, at the start and after a pull. */
export async function refreshLake(): Promise<void> {
  try {
    const facts = await ask("lake", {});
    lakeFault.set(undefined);
    lakeVersion.set(facts.version);
    lake.set(facts);
  } catch (fault) {
    lakeFault.set(fault);
  }
}
