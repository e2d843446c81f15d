// One of several processes that commit to the same lake: its own hours, and hours that all of them want.
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [, , built, dir, name] = process.argv;
const { LakeTable } = await import(pathToFileURL(join(built, "lake", "table.js")).href);
const refuse = () => Promise.reject(new Error("no checkpoint is due in this test"));
const table = await LakeTable.open(dir, {
  checkpoints: { read: refuse, write: refuse },
  checkpointEvery: 1e9,
});
const staging = await table.stagingDir();

async function bring(source, hour, i) {
  const path = join(staging, `${hour}-${i}.parquet`);
  await writeFile(path, `rows of ${name}`);
  const marks = { hour, mark: "held", loaded: 1, duplicates: 0, rows: 1 };
  const member = { name: "m", bytes: 1, crc32: 1, lines: 1, loaded: 1, quarantined: 0, blank: 0 };
  const outcome = await table.commit({
    account: {
      operation: "pull",
      source: { id: source, project: "shop" },
      requests: [],
      inputs: [{ name: "z", bytes: 1, sha256: `${name}-${source}-${hour}`, members: [member] }],
      hours: [marks],
      quarantine: null,
    },
    add: [
      {
        path,
        app: 7,
        uploadDate: hour.slice(0, 10),
        rows: 1,
        eventTime: null,
        serverUploadTime: null,
        hours: { [hour]: 1 },
      },
    ],
    basedOn: base,
  });
  return outcome.kind === "committed" ? 1 : 0;
}

const base = table.snapshot;
console.log("ready");
await once(process.stdin, "data");
let [own, contested] = [0, 0];
for (let i = 0; i < 12; i += 1) {
  own += await bring(`us-${name}`, `2026-11-20T${String(i).padStart(2, "0")}`, i);
  if (i % 2 === 0) contested += await bring("us-all", `2026-11-21T${String(i).padStart(2, "0")}`, i);
}
await table.close();
process.stdin.destroy();
console.log(JSON.stringify({ own, contested }));
