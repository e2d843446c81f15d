import type { AccountReading } from "../../lake/account-reading.js";
import type { Action } from "../../lake/actions.js";
import { wrongEntry } from "../../lake/entry-proof.js";
import { listLog, readVersion } from "../../lake/log.js";
import type { LakeStore } from "../../lake/store/lake-store.js";
import type { Findings } from "./findings.js";

/** Holds the log's entries, as far as they are still there, against the accounts. */
export class EntryProof {
  readonly #seen = new Set<number>();

  constructor(
    private readonly store: LakeStore,
    private readonly findings: Findings,
  ) {}

  /** The entry of an account's own version. */
  async prove({ version, id, account }: AccountReading): Promise<void> {
    this.#seen.add(version);
    const actions = await this.#read(version);
    if (!actions || !account) return;
    this.findings.add(wrongEntry({ version, accountId: id, account, actions }));
  }

  /** Entries up to `latest` of no account's version: another program's name none, and our own would have one. */
  async proveTheRest(latest: number): Promise<void> {
    const { commits } = await listLog(this.store);
    for (const version of commits) {
      if (this.#seen.has(version) || version > latest) continue;
      this.findings.throwIfCancelled();
      const actions = (await this.#read(version)) ?? [];
      for (const { commitInfo } of actions) {
        const account = commitInfo?.ampframe?.account;
        if (account === undefined) continue;
        this.findings.add([
          {
            what: `log entry of version ${version}`,
            found: `names the account ${account}`,
            expected: "a transaction at this version that commits it",
          },
        ]);
      }
    }
  }

  async #read(version: number): Promise<Action[] | undefined> {
    try {
      return await readVersion(this.store, version);
    } catch (error) {
      const what = `log entry of version ${version}`;
      this.findings.add([{ what, found: (error as Error).message, expected: "an entry of a Delta log" }]);
      return undefined;
    }
  }
}
