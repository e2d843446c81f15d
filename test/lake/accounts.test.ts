import { readdir, rm, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { Account } from "../../src/lake/account.js";
import { formatAccount, parseAccount } from "../../src/lake/account-json.js";
import { brokenIdentities } from "../../src/lake/account-proof.js";
import { LakeTable } from "../../src/lake/table.js";
import { failingFiles } from "./failing-files.js";
import { bring, checkpoints, door, draft, hour, newLake } from "./making.js";

const gatheredIn = async (table: LakeTable) =>
  (await readdir(table.filePath("_ampframe/accounts/gathered"))).filter((name) => name.includes(".summary."));

async function grown(commits: number, checkpointEvery: number): Promise<LakeTable> {
  const table = await newLake({ checkpointEvery });
  for (let i = 0; i < commits; i += 1) {
    await bring(
      table,
      `2026-11-${String(1 + Math.floor(i / 24)).padStart(2, "0")}T${String(i % 24).padStart(2, "0")}`,
      0,
    );
  }
  return table;
}

test("accounts are gathered at each checkpoint into about log n files, and few are read to open", async () => {
  const table = await grown(40, 4);
  expect((await gatheredIn(table)).map((name) => Number(name.split("-")[2])).sort((a, b) => a - b)).toEqual([
    8, 32,
  ]);
  const failing = failingFiles(0, "once", checkpoints);
  const again = await LakeTable.open(table.dir, door(failing));
  const before = failing.count();
  expect((await again.summaries()).map(({ version }) => version)).toEqual(
    Array.from({ length: 40 }, (_, i) => i + 1),
  );
  expect(failing.log.slice(before).map((name) => name.split(" ")[0])).toEqual(["list", "read", "read"]);
  await again.summaries();
  expect(failing.count()).toBe(before + 3);
});

test("either copy of an account stands in for the other", async () => {
  const table = await grown(9, 4);
  const whole = async () => {
    const accounts = [];
    const again = await LakeTable.open(table.dir, door());
    for await (const one of again.accounts()) accounts.push(one);
    return [accounts, await again.summaries()];
  };
  const before = await whole();
  const names = (await readdir(table.filePath("_ampframe/accounts"))).filter((name) =>
    name.endsWith(".json"),
  );
  for (const name of names.sort().slice(0, 8)) await rm(table.filePath(`_ampframe/accounts/${name}`));
  expect(await whole()).toEqual(before);
});

test("damaged gathered files are passed over", async () => {
  const table = await grown(9, 4);
  const before = await table.summaries();
  for (const name of await readdir(table.filePath("_ampframe/accounts/gathered"))) {
    await writeFile(table.filePath(`_ampframe/accounts/gathered/${name}`), "[]");
  }
  const again = await LakeTable.open(table.dir, door());
  expect(await again.summaries()).toEqual(before);
});

test("an altered account is named, and nothing is made of it", async () => {
  const table = await grown(1, 100);
  const [name = ""] = (await readdir(table.filePath("_ampframe/accounts"))).filter((n) =>
    n.endsWith(".json"),
  );
  await writeFile(table.filePath(`_ampframe/accounts/${name}`), "{}");
  const again = await LakeTable.open(table.dir, door());
  await expect(again.summaries()).rejects.toThrow("was altered: its SHA-256 is not the one in its name");
  await rm(table.filePath(`_ampframe/accounts/${name}`));
  await expect(again.summaries()).rejects.toThrow(`${name}, is missing`);
});

const account: Account = {
  ...{ formatVersion: 1, commit: "c", at: "2026-11-23T12:00:00.000Z", removed: [] },
  ...draft({ "2026-11-20T05": 3 }, { input: "i" }),
  files: [
    {
      ...{
        path: "p",
        app: 7,
        uploadDate: "2026-11-20",
        bytes: 1,
        rows: 3,
        sha256: "s",
        serverUploadTime: null,
      },
      eventTime: { min: -(2n ** 62n), max: 2n ** 62n + 1n },
      hours: { [hour("2026-11-20T05")]: 3 },
    },
  ],
};

test("microseconds survive JSON exactly, and a newer account is refused in words", () => {
  expect(parseAccount(formatAccount(account), "here")).toEqual(account);
  expect(() => parseAccount('{"formatVersion":2}', "x.json")).toThrow("x.json is an account of format 2");
  expect(() => parseAccount("{", "x.json")).toThrow("x.json is not an account");
});

test("each identity that does not hold is named", () => {
  expect(brokenIdentities(account)).toEqual([]);
  const [at] = account.hours;
  const [input] = account.inputs;
  const [member] = input!.members;
  const [file] = account.files;
  const broken = (change: Partial<Account>) => brokenIdentities({ ...account, ...change });
  expect(broken({ hours: [{ ...at!, duplicates: 1 }] })).toEqual([
    "Hour 2026-11-20T05: 3 rows, but 3 loaded − 1 duplicates − 0 forgotten.",
  ]);
  expect(broken({ inputs: [{ ...input!, members: [{ ...member!, lines: 4 }] }] })).toEqual([
    "Member m: 4 lines, but 3 loaded + 0 quarantined + 0 blank.",
  ]);
  expect(broken({ inputs: [] })).toEqual(["0 events in the members, but 3 over the hours."]);
  expect(broken({ files: [{ ...file!, rows: 4 }] })).toEqual(["File p: 4 rows, but 3 over its hours."]);
  expect(broken({ files: [] })).toEqual(["Hour 2026-11-20T05: 3 rows stated, but 0 in the files."]);
  expect(broken({ quarantine: { lines: 1, file: "q" } })).toEqual([
    "0 lines quarantined, but 1 in the quarantine file.",
  ]);
});
