import { LakeError } from "../errors/index.js";
import type { Account, AccountSummary } from "./account.js";
import { parseAccount, summarize } from "./account-json.js";
import { errorCode } from "./files.js";
import {
  listSegments,
  readAccountLines,
  readSummaries,
  removeSegment,
  type Segment,
  writeSegment,
} from "./gathered.js";
import { accountPath } from "./paths.js";
import { contentId } from "./sha256.js";
import type { Snapshot } from "./snapshot.js";
import type { LakeStore } from "./store/lake-store.js";
import { committedAccounts } from "./transactions.js";

/** A committed account and its version. */
export interface CommittedAccount {
  readonly version: number;
  readonly account: Account;
}

/** So many accounts are read one by one rather than with all others of their gathered file. */
const FEW = 100;

/**
 * The accounts of a lake. Which are committed the table alone says: each commit leaves a transaction
 * `ampframe-account/<id>`, which every checkpoint carries on; a file without one is a killed run's leftover.
 * Summaries are kept at hand, so that only new ones are read when the table has moved on.
 */
export class AccountStore {
  readonly #store: LakeStore;
  #summaries = new Map<string, AccountSummary>();
  #gathered = new Set<string>();

  constructor(store: LakeStore) {
    this.#store = store;
  }

  /** The summaries of the accounts of `snapshot` from versions after `since`, in the order of versions. */
  async summaries(snapshot: Snapshot, since = -1): Promise<readonly AccountSummary[]> {
    const committed = committedAccounts(snapshot, since);
    const unknown = () => [...committed.keys()].filter((id) => !this.#summaries.has(id));
    if (unknown().length > 1) {
      for (const segment of await listSegments(this.#store)) {
        for (const summary of (await readSummaries(this.#store, segment)) ?? []) {
          this.#gathered.add(summary.id);
          if (committed.has(summary.id)) this.#summaries.set(summary.id, summary);
        }
      }
    }
    for (const id of unknown()) {
      const version = committed.get(id) ?? -1;
      this.#summaries.set(id, summarize(await this.#readOwn(version, id), version, id));
    }
    return [...committed.keys()]
      .flatMap((id) => this.#summaries.get(id) ?? [])
      .sort((a, b) => a.version - b.version);
  }

  /**
   * The whole accounts of `snapshot` from versions after `since`, in the order of versions, read as they are asked
   * for. A few are read from their own files, many from the gathered ones.
   */
  async *accounts(snapshot: Snapshot, since = -1): AsyncGenerator<CommittedAccount> {
    const committed = committedAccounts(snapshot, since);
    const inOrder = [...committed].sort((a, b) => a[1] - b[1]);
    const isFew = inOrder.length <= FEW;
    const segments = isFew ? [] : await listSegments(this.#store);
    let at: Segment | undefined;
    let texts = new Map<string, string>();
    for (const [id, version] of inOrder) {
      const holding = segments.find(({ from, to }) => from <= version && version <= to);
      if (holding && holding !== at) {
        at = holding;
        texts = new Map((await this.#lines(holding)).map((line) => [contentId(line), line]));
      }
      const text = texts.get(id);
      const account = text ? parseAccount(text, at?.name ?? "") : await this.#readOwn(version, id);
      yield { version, account };
    }
  }

  /**
   * Copies accounts that no segment holds into one, together with the newest segments while those are no
   * longer than it, so that a lake of n commits has about log n of them.
   */
  async gather(snapshot: Snapshot, beside: (name: string) => string): Promise<void> {
    const summaries = await this.summaries(snapshot);
    const byId = new Map(summaries.map((summary) => [summary.id, summary]));
    const segments = await listSegments(this.#store);
    const chosen = new Map<string, string>();
    for (const { id, version } of summaries) {
      if (!this.#gathered.has(id)) chosen.set(id, await this.#ownText(version, id));
    }
    if (chosen.size === 0) return;
    const merged: Segment[] = [];
    for (const segment of segments.reverse()) {
      if (segment.count > chosen.size) break;
      const lines = await this.#lines(segment);
      if (lines.length !== segment.count) continue;
      for (const line of lines) {
        const id = contentId(line);
        if (byId.has(id)) chosen.set(id, line);
      }
      merged.push(segment);
    }
    const gathered = [...chosen]
      .flatMap(([id, text]) => ({ summary: byId.get(id), text }))
      .filter((entry): entry is { summary: AccountSummary; text: string } => entry.summary !== undefined)
      .sort((a, b) => a.summary.version - b.summary.version);
    await writeSegment(this.#store, gathered, beside);
    for (const { summary } of gathered) this.#gathered.add(summary.id);
    for (const segment of merged) await removeSegment(this.#store, segment);
  }

  async #lines(segment: Segment): Promise<string[]> {
    return (await readAccountLines(this.#store, segment)) ?? [];
  }

  async #readOwn(version: number, id: string): Promise<Account> {
    return parseAccount(await this.#ownText(version, id), accountPath(version, id));
  }

  /** The text of an account's own file; if that is gone or altered, its copy in a segment. */
  async #ownText(version: number, id: string): Promise<string> {
    const path = accountPath(version, id);
    let found = "is missing";
    try {
      const text = (await this.#store.read(path)).toString("utf8");
      if (contentId(text) === id) return text;
      found = "was altered: its SHA-256 is not the one in its name";
    } catch (error) {
      if (errorCode(error) !== "ENOENT") throw error;
    }
    for (const segment of await listSegments(this.#store)) {
      if (segment.from > version || segment.to < version) continue;
      const line = (await this.#lines(segment)).find((text) => contentId(text) === id);
      if (line) return line;
    }
    throw new LakeError(
      `The account of version ${version}, ${this.#store.nameOf(path)}, ${found}, and no gathered file holds it.`,
      "Restore the file from a backup; without it the hours of that commit cannot be proven.",
    );
  }
}
