import { expect, test } from "vitest";
import type { Hour } from "../../src/hour.js";
import type { AccountSummary, HourAccount } from "../../src/lake/account.js";
import { copiesDropped } from "../../src/lake/copies-dropped.js";
import { bring, draft, hour, newLake } from "./making.js";

const B = hour("2026-11-20T05");
let version = 0;

function account(source: string, hours: readonly Partial<HourAccount>[]): AccountSummary {
  version += 1;
  return {
    ...{ version, id: `id-${version}`, operation: "pull", at: "", inputs: [], quarantine: null },
    source: { id: source, project: source },
    hours: hours.map((more) => ({ hour: B, mark: "held", loaded: 5, duplicates: 0, rows: 5, ...more })),
  };
}

const A = (more: Partial<HourAccount>) => ({ hour: hour("2026-11-20T04"), duplicates: 1, rows: 4, ...more });
const dropped = (...accounts: AccountSummary[]) => copiesDropped(accounts, "us-1", new Set<Hour>([B])).get(B);

test("copies dropped by other hours, files and projects count; those of the hour's own answers do not", () => {
  expect(dropped(account("us-1", [{ duplicates: 2 }]))).toBeUndefined();
  expect(dropped(account("us-1", [A({ keptBy: { [B]: 1 } })]))).toBe(1);
  expect(dropped(account("us-1", [A({ keptBy: { "2026-11-20T03": 1 } })]))).toBeUndefined();
  expect(dropped(account("files", [{ mark: "loaded", duplicates: 3, rows: 2 }]))).toBe(3);
  expect(dropped(account("files", [A({ mark: "loaded", keptBy: { [B]: 1 } })]))).toBe(1);
  expect(dropped(account("eu-2", [{ duplicates: 2, rows: 3 }]))).toBe(2);
});

test("a later answer with events stands for the earlier ones; one without events, or a refusal, does not", () => {
  const first = account("us-1", [A({ keptBy: { [B]: 1 } })]);
  expect(dropped(first, account("us-1", [A({ duplicates: 0, rows: 5 })]))).toBeUndefined();
  expect(dropped(first, account("us-1", [A({ mark: "empty", loaded: 0, duplicates: 0, rows: 0 })]))).toBe(1);
  expect(dropped(first, account("us-1", [A({ mark: "refused", loaded: 0, duplicates: 0, rows: 0 })]))).toBe(
    1,
  );
  const loads = [1, 2].map(() => account("files", [{ mark: "loaded", duplicates: 1, rows: 4 }]));
  expect(dropped(...loads)).toBe(2);
});

test("rows may not be taken out on a table in which another run has meanwhile dropped copies in their favour", async () => {
  const table = await newLake();
  await bring(table, B, 3);
  const basedOn = table.snapshot;
  const [path] = [...basedOn.files.keys()];
  const copies = draft({ "2026-11-20T04": 0 }, { source: "files", input: "copy" });
  const [input] = copies.inputs;
  const member = { ...input!.members[0]!, lines: 1, loaded: 1 };
  const hours = copies.hours.map((at) => ({ ...at, loaded: 1, duplicates: 1, keptBy: { [B]: 1 } }));
  const loaded = { ...copies, operation: "load" as const, inputs: [{ ...input!, members: [member] }] };
  const marked = hours.map((at) => ({ ...at, mark: "loaded" as const }));
  expect(await table.commit({ account: { ...loaded, hours: marked }, add: [], basedOn })).toMatchObject({
    kind: "committed",
  });
  const replacing = { account: draft({ [B]: 0 }), add: [], remove: [path!], basedOn };
  expect(await table.commit(replacing)).toMatchObject({
    kind: "conflict",
    reason: expect.stringMatching(/dropped copies in favour of rows of hour 2026-11-20T05/),
  });
  expect(await table.commit({ ...replacing, basedOn: table.snapshot })).toMatchObject({ kind: "committed" });
});
