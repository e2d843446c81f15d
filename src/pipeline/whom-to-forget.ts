import type { PersonId } from "../lake/forgotten.js";
import { tombstoneOf } from "../lake/forgotten.js";
import type { LakeTable } from "../lake/table.js";
import type { AmplitudeDeletions, amplitudeDeletions, DeletionsOptions } from "./amplitude-deletions.js";
import { eachOnce, listedIds, type PersonIds, personIds } from "./person-ids.js";

/** Who is to be forgotten: ids, users whom Amplitude has deleted, or both. */
export interface WhomOptions extends PersonIds {
  /**
   * Also the users of Amplitude's own deletion jobs, submitted or done: how to ask for them, or what `amplitudeDeletions`
   * gave. Then the other ids may be missing.
   */
  readonly fromAmplitude?: DeletionsOptions | AmplitudeDeletions | undefined;
}

/** What Amplitude's deletion jobs say, held against what the lake has forgotten. */
export interface DeletionsSummary extends Omit<AmplitudeDeletions, "amplitudeIds"> {
  /** Users of the jobs that are submitted or done, each once. */
  readonly ids: number;
  /** Of these, users whom the lake had forgotten before. */
  readonly known: number;
}

/** The ids of those who are to be forgotten. */
export interface Whom {
  /** Each once. */
  readonly ids: readonly PersonId[];
  /** Those that the lake has no tombstone of. */
  readonly unknown: readonly PersonId[];
  /** Null where Amplitude was not asked. */
  readonly fromAmplitude: DeletionsSummary | null;
}

/** Throws UsageError if `options` name nobody, or an id that no row can have. */
export function checkWhom(options: WhomOptions): void {
  if (options.fromAmplitude) listedIds(options);
  else personIds(options);
}

/** Resolves whom `options` mean, asking Amplitude if they say so. Throws as `amplitudeDeletions` does. */
export async function whomToForget(
  table: LakeTable,
  options: WhomOptions & { readonly signal?: AbortSignal | undefined },
  ask: typeof amplitudeDeletions,
): Promise<Whom> {
  const { fromAmplitude, signal } = options;
  const asked =
    fromAmplitude && "credentials" in fromAmplitude
      ? await ask({ ...fromAmplitude, signal: fromAmplitude.signal ?? signal })
      : fromAmplitude;
  const deleted = listedIds({ amplitudeIds: asked?.amplitudeIds });
  const ids = eachOnce([...listedIds(options), ...deleted]);
  const { salt, hashes } = await table.tombstones();
  const isUnknown = (id: PersonId) => !hashes.has(tombstoneOf(salt, id));
  if (!asked) return { ids, unknown: ids.filter(isUnknown), fromAmplitude: null };
  const { from, to, jobs, waiting } = asked;
  const known = deleted.length - deleted.filter(isUnknown).length;
  return {
    ...{ ids, unknown: ids.filter(isUnknown) },
    fromAmplitude: { from, to, jobs, ids: deleted.length, known, waiting },
  };
}
