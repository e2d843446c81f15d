import { LakeError } from "../errors/index.js";
import { type Action, formatActions } from "./actions.js";
import { logPath } from "./paths.js";
import { type LakeStore, NotConfirmedError } from "./store/lake-store.js";

/**
 * What became of an attempt to write a version: `won`; `lost` to another writer; or `unsure`, when the store
 * failed at a point where the entry may stand in the log, or will.
 */
export type PutOutcome =
  | { readonly kind: "won" }
  | { readonly kind: "lost" }
  | { readonly kind: "unsure"; readonly error: LakeError };

/**
 * Writes the log entry of `version` if there is none. Correctness rests on this alone, which only one writer can do.
 * The actions hold the UUID of their commit, by which they are known again after a failure that tells nothing.
 * Throws what failed if the entry surely does not stand in the log.
 */
export async function putEntry(
  store: LakeStore,
  version: number,
  actions: readonly Action[],
  beside: string,
): Promise<PutOutcome> {
  try {
    const won = await store.putNew(logPath(version), formatActions(actions), beside);
    return { kind: won ? "won" : "lost" };
  } catch (error) {
    if (error instanceof NotConfirmedError) return unsure(store, version, error);
    throw error;
  }
}

function unsure({ location, folder }: LakeStore, version: number, cause: NotConfirmedError): PutOutcome {
  const error = new LakeError(
    `The ${folder === undefined ? "bucket" : "disk"} would not confirm version ${version} of the lake ${location}: ${cause.message}.`,
    `Check ${folder === undefined ? "the connection" : "the disk"} and run the command again; it goes on from whatever the log then holds.`,
    { cause },
  );
  return { kind: "unsure", error };
}
