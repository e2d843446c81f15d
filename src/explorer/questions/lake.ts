import { createRequire } from "node:module";
import { lakeName } from "./lake-name.js";
import type { Question } from "./question.js";

/** The lake as a whole, from its log: no event is read. */
export const answer: Question<"lake"> = async (_, { lake, opened, canPull, signal }) => {
  const { version, events, from, to, promoted } = await opened.extent({ signal });
  return {
    name: lakeName(lake),
    events,
    from: from?.toISOString() ?? null,
    to: to?.toISOString() ?? null,
    version,
    timeZone: "UTC",
    weekStart: "monday",
    promoted,
    canPull,
    ampframe: ownVersion(),
  };
};

function ownVersion(): string {
  const manifest: { readonly version: string } = createRequire(import.meta.url)("ampframe/package.json");
  return manifest.version;
}
