import { copyFile, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Action, AddAction } from "../../src/lake/actions.js";
import { checkpoints } from "../../src/pipeline/open-table.js";
import {
  cut,
  editEntry,
  entryPath,
  flipBit,
  liveFiles,
  pathsIn,
  rewrite,
  rowsOfFile,
  versionOf,
  versionsWith,
} from "./editing.js";
import type { Shape } from "./lakes.js";
import type { Random } from "./random.js";

/** One way to damage a lake. */
export interface Kind {
  readonly name: string;
  readonly shapes: readonly Shape[];
  /** Damages the lake at one place; gives what verify must name: one of these texts. */
  readonly apply: (lake: string, random: Random) => Promise<readonly string[]>;
}

const ALL: readonly Shape[] = ["loaded", "pulled", "grown", "cleaned"];
const WITH_ENTRIES: readonly Shape[] = ["loaded", "pulled", "grown"];
const WITH_CHECKPOINT: readonly Shape[] = ["grown", "cleaned"];
const ACCOUNTS = "_ampframe/accounts";

function dataFile(
  name: string,
  damage: (lake: string, path: string, random: Random) => Promise<unknown>,
): Kind {
  return {
    ...{ name: `data file: ${name}`, shapes: ALL },
    async apply(lake, random) {
      const path = random.pick(await liveFiles(lake));
      await damage(lake, path, random);
      return [path];
    },
  };
}

/** One row of the file, chosen at random, as a condition. */
async function oneRow(lake: string, path: string, random: Random): Promise<string> {
  return `file_row_number = ${random.below(await rowsOfFile(lake, path))}`;
}

const replaced = (column: string, value: string) =>
  dataFile(`a row's ${column} is altered`, async (lake, path, random) => {
    const row = await oneRow(lake, path, random);
    await rewrite(
      lake,
      path,
      `SELECT * REPLACE (CASE WHEN ${row} THEN ${value} ELSE ${column} END AS ${column}) FROM FILE`,
    );
  });

function log(
  name: string,
  has: (action: Action) => boolean,
  edit: (actions: Action[], random: Random) => object[],
): Kind {
  return {
    ...{ name: `log: ${name}`, shapes: WITH_ENTRIES },
    async apply(lake, random) {
      const version = random.pick(await versionsWith(lake, has));
      await editEntry(lake, version, (actions) => edit(actions, random));
      return [`log entry of version ${version}`, entryPath(version), `of version ${version}`];
    },
  };
}

const isAdd = ({ add }: Action) => Boolean(add);
/** Changes one of the adds. */
const oneAdd = (name: string, change: (add: AddAction, random: Random) => object | undefined): Kind => {
  let path = "";
  const kind = log(name, isAdd, (actions, random) => {
    const chosen = random.pick(actions.filter(isAdd));
    path = decodeURIComponent(chosen.add!.path);
    return actions.flatMap((action) => {
      if (action !== chosen) return action;
      const add = change(action.add!, random);
      return add ? { add } : [];
    });
  });
  return { ...kind, apply: async (lake, random) => [...(await kind.apply(lake, random)), path] };
};

const isAccountTxn = ({ txn }: Action) => Boolean(txn?.appId.startsWith("ampframe-account/"));
const isHourTxn = ({ txn }: Action) => Boolean(txn?.appId.startsWith("ampframe/"));

function account(
  name: string,
  damage: (lake: string, path: string, random: Random) => Promise<unknown>,
): Kind {
  return {
    ...{ name: `account: ${name}`, shapes: ALL },
    async apply(lake, random) {
      const own = (await pathsIn(lake, ACCOUNTS, ".json")).filter((path) => !path.includes("gathered"));
      const path = random.pick(own);
      await damage(lake, path, random);
      return [`account of version ${versionOf(path)}`];
    },
  };
}

function anyFile(
  name: string,
  shapes: readonly Shape[],
  [folder, ending]: readonly [string, string],
  damage: (lake: string, path: string, random: Random) => Promise<unknown>,
): Kind {
  return {
    ...{ name, shapes },
    async apply(lake, random) {
      const path = random.pick(await pathsIn(lake, folder, ending));
      await damage(lake, path, random);
      return [basename(path)];
    },
  };
}

/** The newest checkpoint, its rows edited as actions. */
function checkpoint(
  name: string,
  edit: (actions: Action[], random: Random) => readonly [object[], string],
): Kind {
  return {
    ...{ name: `checkpoint: ${name}`, shapes: WITH_CHECKPOINT },
    async apply(lake, random) {
      const path = (await pathsIn(lake, "_delta_log", ".checkpoint.parquet")).at(-1) ?? "";
      const rows = await checkpoints.read([join(lake, path)]);
      const [actions, named] = edit(
        rows.map((row) => JSON.parse(row)),
        random,
      );
      const ndjson = join(lake, "edited.ndjson");
      await writeFile(ndjson, actions.map((action) => `${JSON.stringify(action)}\n`).join(""));
      await checkpoints.write(ndjson, `${join(lake, path)}.new`);
      await rename(`${join(lake, path)}.new`, join(lake, path));
      await unlink(ndjson);
      return [basename(path), named];
    },
  };
}

const QUARANTINE = ["_ampframe/quarantine", ".ndjson"] as const;
const WITH_QUARANTINE: readonly Shape[] = ["loaded", "grown", "cleaned"];

async function editText(lake: string, path: string, edit: (text: string) => string): Promise<void> {
  const before = await readFile(join(lake, path), "utf8");
  const after = edit(before);
  if (after === before) throw new Error(`The edit of ${path} changed nothing.`);
  await writeFile(join(lake, path), after);
}

export const KINDS: readonly Kind[] = [
  replaced("event_properties", `'{"price":0.01}'`),
  replaced("uuid", "'00000000-0000-4000-8000-aaaaaaaaaaaa'"),
  replaced("event_time", "event_time - INTERVAL 1 MICROSECOND"),
  replaced("server_upload_time", "server_upload_time + INTERVAL 1 HOUR"),
  dataFile("a row is taken out", async (lake, path, random) => {
    await rewrite(lake, path, `SELECT * FROM FILE WHERE NOT (${await oneRow(lake, path, random)})`);
  }),
  dataFile("a row is doubled", async (lake, path, random) => {
    await rewrite(
      lake,
      path,
      `SELECT * FROM FILE UNION ALL SELECT * FROM FILE WHERE ${await oneRow(lake, path, random)}`,
    );
  }),
  dataFile("its rows are in another order", (lake, path) =>
    rewrite(lake, path, "SELECT * FROM FILE ORDER BY md5(uuid) DESC"),
  ),
  dataFile("a bit has flipped", flipBit),
  dataFile("it is cut short", cut),
  dataFile("it is empty", (lake, path) => writeFile(join(lake, path), "")),
  dataFile("it is gone", (lake, path) => unlink(join(lake, path))),
  dataFile("it is swapped with another", async (lake, path, random) => {
    const other = random.pick((await liveFiles(lake)).filter((one) => one !== path));
    const [a, b, c] = [join(lake, path), join(lake, other), join(lake, "swap")];
    await rename(a, c);
    await rename(b, a);
    await rename(c, b);
  }),
  oneAdd("an add is lost", () => undefined),
  oneAdd("rows of an add", (add) => ({
    ...add,
    stats: add.stats?.replace(/"numRecords":(\d+)/, '"numRecords":1$1'),
  })),
  oneAdd("first time of an add", (add) => ({
    ...add,
    stats: add.stats?.replace(/(minValues.*?)2026-11-(\d)/, "$12026-12-$2"),
  })),
  oneAdd("last time of an add", (add) => ({ ...add, stats: add.stats?.replace(/(.*)2026-11/, "$12026-10") })),
  oneAdd("an add without stats", ({ stats: _, ...add }) => add),
  oneAdd("project of an add", (add) => ({ ...add, partitionValues: { ...add.partitionValues, app: "99" } })),
  oneAdd("date of an add", (add) => ({
    ...add,
    partitionValues: { ...add.partitionValues, upload_date: "2026-11-01" },
  })),
  oneAdd("size of an add", (add) => ({ ...add, size: add.size + 1 })),
  log("an account's transaction is lost", isAccountTxn, (actions) =>
    actions.filter((one) => !isAccountTxn(one)),
  ),
  log("an hour's transaction has another version", isHourTxn, (actions, random) => {
    const chosen = random.pick(actions.filter(isHourTxn));
    return actions.map((one) => (one === chosen ? { txn: { ...one.txn, version: 0 } } : one));
  }),
  log("a transaction too many", isAccountTxn, (actions) => [
    ...actions,
    { txn: { appId: "ampframe/files/2026-11-20T00", version: 999 } },
  ]),
  log("the commit names another account", isAccountTxn, (actions) =>
    actions.map((one) => {
      const info = one.commitInfo;
      return info
        ? { commitInfo: { ...info, ampframe: { ...info.ampframe, account: "0123456789abcdef" } } }
        : one;
    }),
  ),
  log("who made the commit is lost", isAccountTxn, (actions) =>
    actions.filter(({ commitInfo }) => !commitInfo),
  ),
  {
    ...{ name: "log: a column has another type", shapes: WITH_ENTRIES },
    async apply(lake) {
      await editText(lake, entryPath(0), (text) =>
        text.replace(/(amplitude_id[^}]*type[^}]*)long/, "$1integer"),
      );
      return ["column amplitude_id", "the schema"];
    },
  },
  {
    ...{ name: "log: a file that is in the table is taken out", shapes: WITH_ENTRIES },
    async apply(lake, random) {
      const path = random.pick(await liveFiles(lake));
      const last = (await versionsWith(lake, isAccountTxn)).at(-1)!;
      const remove = { path: encodeURI(path), deletionTimestamp: 1, dataChange: true };
      await editEntry(lake, last, (actions) => [...actions, { remove }]);
      return [path];
    },
  },
  {
    ...{ name: "log: a file too many", shapes: ALL },
    async apply(lake, random) {
      const path = random.pick(await liveFiles(lake));
      const copy = path.replace(/part-[^/]*/, "part-more.parquet");
      await copyFile(join(lake, path), join(lake, copy));
      const version = (await pathsIn(lake, "_delta_log", ".json")).map(versionOf).at(-1)!;
      const [app, day] = /app=([^/]*)\/upload_date=([^/]*)/.exec(path)?.slice(1) ?? [];
      const partitionValues = { app: app === "__HIVE_DEFAULT_PARTITION__" ? null : app, upload_date: day };
      const { length: size } = await readFile(join(lake, copy));
      const add = { path: copy, partitionValues, size, modificationTime: 1, dataChange: true };
      await editEntry(lake, version, (actions) => [...actions, { add }]);
      return [copy];
    },
  },
  {
    ...{ name: "log: the last entry is gone", shapes: ["loaded", "pulled"] },
    async apply(lake) {
      const last = (await pathsIn(lake, "_delta_log", ".json")).at(-1)!;
      await unlink(join(lake, last));
      return [`log entry of version ${versionOf(last)}`];
    },
  },
  {
    ...{ name: "log: an entry is there twice", shapes: WITH_ENTRIES },
    async apply(lake, random) {
      const last = (await pathsIn(lake, "_delta_log", ".json")).map(versionOf).at(-1)!;
      const version = random.pick(await versionsWith(lake, isAccountTxn));
      await copyFile(join(lake, entryPath(version)), join(lake, entryPath(last + 1)));
      return [`log entry of version ${last + 1}`];
    },
  },
  {
    ...{ name: "log: an entry is torn", shapes: WITH_ENTRIES },
    async apply(lake, random) {
      const version = random.pick(await versionsWith(lake, isAccountTxn));
      const text = await readFile(join(lake, entryPath(version)), "utf8");
      await writeFile(join(lake, entryPath(version)), text.slice(0, 5 + random.below(text.length - 50)));
      return [`log entry of version ${version}`, basename(entryPath(version))];
    },
  },
  account("it is gone", (lake, path) => unlink(join(lake, path))),
  account("it is empty", (lake, path) => writeFile(join(lake, path), "")),
  account("it is cut short", cut),
  account("a bit has flipped", flipBit),
  account("a figure is altered", (lake, path) =>
    editText(lake, path, (text) => text.replace(/"loaded":(\d+)/, '"loaded":1$1')),
  ),
  account("it is another's", async (lake, path, random) => {
    const own = (await pathsIn(lake, ACCOUNTS, ".json")).filter(
      (one) => !one.includes("gathered") && one !== path,
    );
    await copyFile(join(lake, random.pick(own)), join(lake, path));
  }),
  anyFile(
    "gathered accounts: a bit has flipped",
    WITH_CHECKPOINT,
    [`${ACCOUNTS}/gathered`, ".ndjson"],
    flipBit,
  ),
  anyFile("gathered accounts: cut short", WITH_CHECKPOINT, [`${ACCOUNTS}/gathered`, ".ndjson"], cut),
  anyFile("quarantine: a line is altered", WITH_QUARANTINE, QUARANTINE, (lake, path) =>
    editText(lake, path, (text) => text.replace("JSON", "Json")),
  ),
  anyFile("quarantine: a line is taken out", WITH_QUARANTINE, QUARANTINE, (lake, path) =>
    editText(lake, path, (text) => text.slice(text.indexOf("\n") + 1)),
  ),
  anyFile("quarantine: a bit has flipped", WITH_QUARANTINE, QUARANTINE, flipBit),
  anyFile("quarantine: a file is gone", WITH_QUARANTINE, QUARANTINE, (lake, path) =>
    unlink(join(lake, path)),
  ),
  anyFile("kept archive: a bit has flipped", ["pulled"], ["_ampframe/archives", ".zip"], flipBit),
  anyFile("kept archive: cut short", ["pulled"], ["_ampframe/archives", ".zip"], cut),
  anyFile("checkpoint: cut short", WITH_CHECKPOINT, ["_delta_log", ".checkpoint.parquet"], cut),
  checkpoint("a file is lost", (actions, random) => {
    const chosen = random.pick(actions.filter(isAdd));
    return [actions.filter((one) => one !== chosen), decodeURIComponent(chosen.add!.path)];
  }),
  checkpoint("rows of an add", (actions, random) => {
    const chosen = random.pick(actions.filter(isAdd));
    const stats = chosen.add!.stats?.replace(/"numRecords":(\d+)/, '"numRecords":1$1');
    const path = decodeURIComponent(chosen.add!.path);
    return [actions.map((one) => (one === chosen ? { add: { ...one.add, stats } } : one)), path];
  }),
  checkpoint("an account's transaction is lost", (actions, random) => {
    const chosen = random.pick(actions.filter(isAccountTxn));
    return [actions.filter((one) => one !== chosen), chosen.txn!.appId.slice("ampframe-account/".length)];
  }),
  anyFile(
    "checkpoint: the pointer names another",
    WITH_CHECKPOINT,
    ["_delta_log", "_last_checkpoint"],
    (lake, path) => editText(lake, path, (text) => text.replace(/"version":\d+/, '"version":3')),
  ),
];
