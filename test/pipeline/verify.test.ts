import { copyFile, readdir, readFile, rm, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openEngine } from "../../src/engine/duckdb.js";
import { load } from "../../src/pipeline/load.js";
import { verify } from "../../src/pipeline/verify.js";
import { eventAt, ndjson, newFolder, newPlace, write } from "./scene.js";

/** A lake of two versions: three days of rows, and one quarantined line. */
async function lakeOfThreeDays(): Promise<string> {
  const lake = await newPlace();
  const folder = await newFolder();
  const of = (days: number[]) =>
    days.flatMap((day) => Array.from({ length: 20 }, (_, i) => eventAt(`2026-11-${day} 0${i % 3}:00:00`)));
  await load({ lake, paths: [await write(join(folder, "1.json"), `${ndjson(of([20, 21]))}bad line\n`)] });
  await load({ lake, paths: [await write(join(folder, "2.json"), ndjson(of([22])))] });
  expect(await verify({ lake })).toMatchObject({
    ok: true,
    rows: 60,
    files: 3,
    accounts: 2,
    hours: 9,
    faults: [],
  });
  return lake;
}

async function dataFiles(lake: string): Promise<string[]> {
  const names = await readdir(lake, { recursive: true });
  return names.filter((name) => name.endsWith(".parquet")).sort();
}

async function sql(text: string): Promise<void> {
  const engine = await openEngine({ threads: 1 });
  await engine.run(text).finally(() => engine.close());
}

const entry = (lake: string, version: number) =>
  join(lake, "_delta_log", `${String(version).padStart(20, "0")}.json`);

async function editEntry(
  lake: string,
  version: number,
  edit: (line: string) => string | string[],
): Promise<void> {
  const lines = (await readFile(entry(lake, version), "utf8")).split("\n").filter(Boolean);
  await writeFile(entry(lake, version), `${lines.flatMap(edit).join("\n")}\n`);
}

/** Changes an `add` of a log entry. */
function edited(line: string, edit: (add: Record<string, unknown>) => void): string {
  const action = JSON.parse(line);
  if (action.add) edit(action.add);
  return JSON.stringify(action);
}

test.each<[string, (lake: string, files: string[]) => Promise<unknown>, RegExp]>([
  [
    "a data file is gone",
    (lake, [file]) => unlink(join(lake, file!)),
    /upload_date=2026-11-20.*no such file/,
  ],
  [
    "a bit of a data file has flipped",
    async (lake, [file]) => {
      const bytes = await readFile(join(lake, file!));
      bytes[Math.floor(bytes.length / 3)]! ^= 1;
      await writeFile(join(lake, file!), bytes);
    },
    /upload_date=2026-11-20.*SHA-256/,
  ],
  [
    "a data file is cut short",
    async (lake, [, file]) =>
      writeFile(join(lake, file!), (await readFile(join(lake, file!))).subarray(0, 500)),
    /upload_date=2026-11-21.*500 bytes/,
  ],
  [
    "a data file is empty",
    (lake, [, file]) => writeFile(join(lake, file!), ""),
    /upload_date=2026-11-21.*0 bytes/,
  ],
  [
    "a data file is replaced by another",
    (lake, [one, two]) => copyFile(join(lake, one!), join(lake, two!)),
    /uuid.*2 rows|hour 2026-11-21.*0 rows/s,
  ],
  [
    "a row was taken out of a data file",
    async (lake, [file]) => {
      const path = join(lake, file!);
      await sql(`COPY (FROM '${path}' LIMIT 19) TO '${path}.new' (FORMAT parquet)`);
      await copyFile(`${path}.new`, path);
      await rm(`${path}.new`);
    },
    /upload_date=2026-11-20.*19 rows.*20 rows/s,
  ],
  [
    "a value of a row was changed",
    async (lake, [file]) => {
      const path = join(lake, file!);
      await sql(
        `COPY (SELECT * REPLACE ('altered' AS event_type) FROM '${path}') TO '${path}.new' (FORMAT parquet)`,
      );
      await copyFile(`${path}.new`, path);
      await rm(`${path}.new`);
    },
    /upload_date=2026-11-20.*SHA-256/,
  ],
  [
    "the log names a file more than the accounts",
    async (lake, [one]) => {
      const name = one!.replace(/part-.*/, "part-extra.parquet");
      await copyFile(join(lake, one!), join(lake, name));
      await editEntry(lake, 2, (line) => {
        const action = JSON.parse(line);
        if (!action.add) return line;
        const day = { upload_date: "2026-11-20" };
        const add = { ...action.add, path: name, partitionValues: { ...action.add.partitionValues, ...day } };
        return [line, JSON.stringify({ add })];
      });
    },
    /part-extra.*no account/s,
  ],
  [
    "the log has lost a file",
    (lake) => editEntry(lake, 2, (line) => (JSON.parse(line).add ? [] : line)),
    /hour 2026-11-22.*0 rows/s,
  ],
  [
    "the log takes away a file that no account removes",
    (lake, [one]) =>
      editEntry(lake, 2, (line) =>
        JSON.parse(line).add
          ? [line, JSON.stringify({ remove: { path: one, deletionTimestamp: 1, dataChange: true } })]
          : line,
      ),
    /hour 2026-11-20.*0 rows/s,
  ],
  [
    "the log's figures would let readers skip a file",
    (lake) =>
      editEntry(lake, 2, (line) =>
        edited(line, (add) => {
          add.stats = String(add.stats).replaceAll("2026-11-22", "2026-10-22");
        }),
      ),
    /upload_date=2026-11-22.*server_upload_time/s,
  ],
  [
    "the log's row count is another",
    (lake) =>
      editEntry(lake, 2, (line) =>
        edited(line, (add) => {
          add.stats = String(add.stats).replace(/"numRecords":20/, '"numRecords":21');
        }),
      ),
    /upload_date=2026-11-22.*21 rows/s,
  ],
  [
    "the log puts a file into another project",
    (lake) =>
      editEntry(lake, 2, (line) =>
        edited(line, (add) => {
          add.partitionValues = { ...(add.partitionValues as object), app: "78" };
        }),
      ),
    /upload_date=2026-11-22.*78/s,
  ],
  [
    "an account is gone",
    async (lake) => {
      const folder = join(lake, "_ampframe/accounts");
      const [first] = (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
      await unlink(join(folder, first!));
    },
    /account of version 1.*missing/s,
  ],
  [
    "an account was altered",
    async (lake) => {
      const folder = join(lake, "_ampframe/accounts");
      const [first] = (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
      const text = await readFile(join(folder, first!), "utf8");
      await writeFile(join(folder, first!), text.replace(/"loaded":40/, '"loaded":41'));
    },
    /account of version 1.*altered/s,
  ],
  [
    "the quarantine is gone",
    (lake) => rm(join(lake, "_ampframe/quarantine"), { recursive: true }),
    /quarantine.*missing/s,
  ],
  [
    "a quarantined line was taken out",
    async (lake) => {
      const folder = join(lake, "_ampframe/quarantine");
      const [file] = await readdir(folder);
      await writeFile(join(folder, file!), "");
    },
    /quarantine.*0 lines.*1 lines/s,
  ],
  [
    "a quarantined line was altered",
    async (lake) => {
      const folder = join(lake, "_ampframe/quarantine");
      const [file] = await readdir(folder);
      const path = join(folder, file!);
      await writeFile(path, (await readFile(path, "utf8")).replace("bad line", "bad lime"));
    },
    /quarantine/,
  ],
])("%s: verify says so", async (_, tamper, words) => {
  const lake = await lakeOfThreeDays();
  await tamper(lake, await dataFiles(lake));
  const proof = await verify({ lake });
  expect(proof.ok).toBe(false);
  expect(proof.faults.map((fault) => Object.values(fault).join(" ")).join("\n")).toMatch(words);
  for (const { what, found, expected } of proof.faults) {
    for (const text of [what, found, expected]) expect(text).toMatch(/\w/);
  }
});

test("verify changes nothing, tells how far it is, and can be cancelled", async () => {
  const lake = await lakeOfThreeDays();
  const before = await readdir(lake, { recursive: true });
  const steps: string[] = [];
  await verify({ lake, onProgress: ({ files, of }) => steps.push(`${files}/${of}`) });
  expect(steps).toEqual(["1/3", "2/3", "3/3"]);
  expect(await readdir(lake, { recursive: true })).toEqual(before);
  await expect(verify({ lake, signal: AbortSignal.abort() })).rejects.toMatchObject({
    name: "CancelledError",
  });
});

test("a lake that is not there, and one whose log is torn, are errors in words", async () => {
  await expect(verify({ lake: await newPlace() })).rejects.toMatchObject({ name: "LakeError" });
  const lake = await lakeOfThreeDays();
  await unlink(entry(lake, 1));
  await expect(verify({ lake })).rejects.toMatchObject({
    ...{ name: "LakeError", message: expect.stringMatching(/00001\.json is missing/) },
  });
});
