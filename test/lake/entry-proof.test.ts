import { expect, test } from "vitest";
import { entryOf } from "../../src/lake/entry.js";
import { wrongEntry } from "../../src/lake/entry-proof.js";
import { readVersion } from "../../src/lake/log.js";
import { committedAccounts } from "../../src/lake/transactions.js";
import { bring, newLake } from "./making.js";

test("an entry as it is written agrees with its account, and with no other", async () => {
  const table = await newLake();
  await bring(table, "2026-11-20T05", 4);
  await bring(table, "2026-11-20T06", 2, { app: null });
  const accounts = [];
  for await (const one of table.accounts()) accounts.push(one);
  const ids = new Map([...committedAccounts(table.snapshot)].map(([id, version]) => [version, id]));
  for (const { version, account } of accounts) {
    const actions = (await readVersion(table.store, version)) ?? [];
    const accountId = ids.get(version)!;
    expect(wrongEntry({ version, accountId, account, actions })).toEqual([]);
    const other = accounts.find((one) => one.version !== version)!.account;
    const faults = wrongEntry({ version, accountId, account: other, actions }).map(({ found }) => found);
    expect(faults.join()).toMatch(/commit .*adds app=.*/);
    const entry = entryOf({ version, account, accountId, removed: [], dataChange: true, now: 1 });
    expect(wrongEntry({ version, accountId, account, actions: entry })).toEqual([]);
  }
  await table.close();
});
