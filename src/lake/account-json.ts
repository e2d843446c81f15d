import { LakeError } from "../errors/index.js";
import type { Account, AccountSummary } from "./account.js";

const MICROSECONDS = new Set(["min", "max"]);

/** An account as one line of JSON. Its microseconds are decimal texts, for they may pass 2^53. */
export function formatAccount(account: Account): string {
  return JSON.stringify(account, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
}

/** The account in `text`. `where` names the file in the LakeError for a text that is none. */
export function parseAccount(text: string, where: string): Account {
  let account: Account;
  try {
    account = JSON.parse(text, (key, value: unknown) =>
      MICROSECONDS.has(key) && typeof value === "string" ? BigInt(value) : value,
    );
  } catch (cause) {
    throw new LakeError(`${where} is not an account: JSON was expected.`, "Restore the file from a backup.", {
      cause,
    });
  }
  if (account.formatVersion === 1 && Array.isArray(account.hours)) return account;
  throw new LakeError(
    `${where} is an account of format ${account.formatVersion}; this ampframe knows format 1.`,
    "Install a newer ampframe: npm install ampframe@latest.",
  );
}

/** The part of an account that is kept at hand. */
export function summarize(account: Account, version: number, id: string): AccountSummary {
  const { operation, source, at, range, hours, quarantine } = account;
  const inputs = account.inputs.map((input) => input.sha256);
  return { version, id, operation, source, at, ...(range ? { range } : {}), hours, inputs, quarantine };
}
