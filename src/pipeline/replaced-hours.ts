import type { HourAccount } from "../lake/account.js";
import type { ChangedUuids } from "./compare-answer.js";
import type { ReplacedHour } from "./report.js";

const EXAMPLES = 5;
const UUIDS_A_LINE = 1000;
const KINDS = ["added", "changed", "gone"] as const;

/** Gathers for the report what answers have changed in hours that were there before, and logs every uuid. */
export class ReplacedHours {
  private readonly hours: ReplacedHour[] = [];

  constructor(private readonly log: ((entry: object) => void) | undefined) {}

  /** How many uuids of an hour and kind are wanted: all for a log, else a few. */
  get uuids(): number {
    return this.log ? Number.POSITIVE_INFINITY : EXAMPLES;
  }

  /** Adds the hours of a commit that replaced rows, or brought the first of an hour that had been empty. */
  add(committed: readonly HourAccount[], uuids: ChangedUuids): void {
    for (const { hour, rows, changes } of committed) {
      if (!changes) continue;
      const all = uuids.get(hour) ?? { added: [], changed: [], gone: [] };
      const some = {
        added: all.added.slice(0, EXAMPLES),
        changed: all.changed.slice(0, EXAMPLES),
        gone: all.gone.slice(0, EXAMPLES),
      };
      this.hours.push({ hour, ...changes, after: rows + changes.kept, uuids: some });
      this.log?.({ kind: "replaced", hour, ...changes });
      for (const kind of KINDS) {
        for (let i = 0; i < all[kind].length; i += UUIDS_A_LINE) {
          this.log?.({ kind: "uuids", hour, change: kind, uuids: all[kind].slice(i, i + UUIDS_A_LINE) });
        }
      }
    }
  }

  list(): readonly ReplacedHour[] {
    return [...this.hours].sort((a, b) => (a.hour < b.hour ? -1 : 1));
  }
}
