import { expect } from "vitest";
import type { DownloadFault } from "./download-faults.js";
import { ATTEMPTS, type Outcome } from "./try-download.js";

/** Proves that a fault which happened `times` times came to what it must. */
export function expectExpected(fault: DownloadFault, times: number, outcome: Outcome): void {
  const { held, said, waits, completedBy } = outcome;
  const stays = times >= (fault.tries ?? ATTEMPTS) || (fault.once ?? false);
  if (typeof fault.waits === "number") {
    expect(waits.length).toBe(stays ? ATTEMPTS - 1 : times);
    expect(new Set(waits)).toEqual(new Set([fault.waits]));
  }
  if (fault.waits === null) expect(waits).toEqual([]);
  if (!stays || fault.forEver === "harmless") {
    expect({ held, said, completedBy }).toEqual({ held: "all", said: "brought", completedBy: "itself" });
    return;
  }
  switch (fault.forEver) {
    case "later":
      expect(said).toMatch(/^(refused|DownloadError)$/);
      expect(held).toMatch(said === "refused" ? /^the other day$/ : /^nothing$/);
      expect(completedBy).toBe("pull");
      break;
    case "split":
      expect({ held, said, completedBy }).toEqual({
        ...{ held: "all but the hour", said: "refused", completedBy: "pull --refresh" },
      });
      break;
    case "believed":
      expect({ held, said, completedBy }).toEqual({
        ...{ held: "the other day", said: "brought", completedBy: "pull --refresh" },
      });
      break;
    case "stops":
      expect({ held, said, completedBy }).toEqual({
        ...{ held: "nothing", said: "CredentialsError", completedBy: "pull" },
      });
  }
}
