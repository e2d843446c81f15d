import { storeOf } from "../state/store.js";

/** Whether the help is open. */
export const help = storeOf(false);
/** Whether the search is open. */
export const palette = storeOf(false);
