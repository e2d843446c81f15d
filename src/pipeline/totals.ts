import type { Account, MemberAccount } from "../lake/account.js";
import type { Totals } from "./report.js";

/** Adds up what batches brought. */
export class Tally {
  private readonly hours = new Set<string>();
  private readonly sums = {
    members: 0,
    lines: 0,
    loaded: 0,
    quarantined: 0,
    blank: 0,
    duplicates: 0,
    forgotten: 0,
    bytes: 0,
  };
  private readonly start = performance.now();

  /** Adds what a commit brought. */
  add({ inputs, hours }: Pick<Account, "inputs" | "hours">): void {
    for (const { hour, duplicates, forgotten = 0 } of hours) {
      this.hours.add(hour);
      this.sums.duplicates += duplicates;
      this.sums.forgotten += forgotten;
    }
    for (const input of inputs) {
      this.sums.bytes += input.bytes;
      for (const member of input.members) this.addMember(member);
    }
  }

  /** The figures so far. `seconds` runs from the tally's making. */
  totals(): Totals {
    return {
      hours: this.hours.size,
      ...this.sums,
      seconds: Math.round(performance.now() - this.start) / 1000,
    };
  }

  private addMember({ lines, loaded, quarantined, blank }: MemberAccount): void {
    this.sums.members += 1;
    this.sums.lines += lines;
    this.sums.loaded += loaded;
    this.sums.quarantined += quarantined;
    this.sums.blank += blank;
  }
}
