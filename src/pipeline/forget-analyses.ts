import { ID_FIELDS, type PersonId } from "../lake/forgotten.js";
import { ANALYSIS_TEXTS, listTexts, readText } from "../lake/named-texts.js";
import type { LakeStore } from "../lake/store/lake-store.js";
import type { Refusal } from "./report.js";

/** Saved analyses that name an id of the person: they are the user's own, and mean something else without it. */
export async function analysesNaming(
  store: LakeStore,
  isTheirs: (id: PersonId) => boolean,
): Promise<Refusal[]> {
  const found: Refusal[] = [];
  for (const name of await listTexts(store, ANALYSIS_TEXTS)) {
    const text = (await readText(store, ANALYSIS_TEXTS, name)) ?? "{}";
    if (namesAny(text, isTheirs))
      found.push({
        what: `The saved analysis ${name}`,
        reason: "It names one of the ids.",
        wayOut: "Save it anew without the id, or delete it.",
      });
  }
  return found;
}

function namesAny(text: string, isTheirs: (id: PersonId) => boolean): boolean {
  let isNamed = false;
  const isAny = (value: unknown): boolean =>
    (typeof value === "string" || typeof value === "number") &&
    ID_FIELDS.some((field) => isTheirs({ field, value: String(value) }));
  try {
    JSON.parse(text, (_, value: unknown) => {
      isNamed ||= isAny(value);
      return value;
    });
  } catch {
    // A damaged file says nothing that could be read as an id.
    return text.split(/[^\w.@-]+/).some(isAny);
  }
  return isNamed;
}
