import { lake } from "../../state/lake.js";
import { useStore } from "../../state/store.js";
import { useAnswer } from "../../ui/use-answer.js";
import type { LakeNames } from "./completions.js";

/** The names of the lake, as far as they are known yet. */
export function useNames(): LakeNames {
  const facts = useStore(lake);
  const events = useAnswer("names", { kind: "events" });
  const ofEvents = useAnswer("names", { kind: "eventProperties" });
  const ofUsers = useAnswer("names", { kind: "userProperties" });
  const names = [...(ofEvents.data?.names ?? []), ...(ofUsers.data?.names ?? [])].map(({ name }) => name);
  return {
    events: events.data?.names.map(({ name }) => name) ?? [],
    // Nested ones need a path of their own.
    properties: [...new Set(names.filter((name) => /^(user_properties\.)?[^."]+$/.test(name)))],
    hasPromoted: (facts?.promoted.length ?? 0) > 0,
  };
}
