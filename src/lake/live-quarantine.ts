import type { AccountSummary, Source } from "./account.js";

/** A quarantine file whose lines still wait. */
export interface LiveQuarantine {
  /** Its name, as an account has it. */
  readonly file: string;
  readonly lines: number;
  readonly source: Source;
  /** Version of the commit that wrote it. */
  readonly version: number;
  /** ISO time, UTC, of that commit. */
  readonly at: string;
}

/**
 * The quarantine files of `accounts`, in the order of versions, but for those that a later retry or forget has taken
 * as its input: of such a file's lines some became rows or were forgotten, and the rest stand in its own quarantine file.
 */
export function liveQuarantine(accounts: Iterable<AccountSummary>): LiveQuarantine[] {
  const live = new Map<string, LiveQuarantine[]>();
  for (const { operation, inputs, quarantine, source, version, at } of accounts) {
    if (operation === "retry" || operation === "forget")
      for (const sha256 of inputs) live.delete(quarantineName(sha256));
    if (!quarantine) continue;
    const { file, lines } = quarantine;
    live.set(file, [...(live.get(file) ?? []), { file, lines, source, version, at }]);
  }
  return [...live.values()].flat().sort((a, b) => a.version - b.version);
}

/** The name of the quarantine file with these bytes. */
export function quarantineName(sha256: string): string {
  return `${sha256.slice(0, 32)}.ndjson`;
}
