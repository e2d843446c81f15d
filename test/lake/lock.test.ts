import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { acquireLock } from "../../src/lake/lock.js";
import { thisOwner } from "../../src/lake/owner.js";
import { compiledLake } from "./compiled.js";
import { newPlace } from "./making.js";

const left = async (dir: string) => (await readdir(join(dir, "_ampframe"))).sort();

test("a lock keeps others out until it is given back, and leaves nothing behind", async () => {
  const dir = await newPlace();
  const release = await acquireLock(dir);
  await expect(acquireLock(dir)).rejects.toMatchObject({
    name: "LakeError",
    message: expect.stringMatching(/is in use by this process on .+ since 20/),
  });
  expect(await left(dir)).toEqual(["lock"]);
  await release();
  expect(await left(dir)).toEqual([]);
  await (await acquireLock(dir))();
});

test("the lock of a process that was killed is taken over; that of a live one names it", async () => {
  const dir = await newPlace();
  const built = await compiledLake();
  const script = `
    const { acquireLock } = await import(${JSON.stringify(`file://${built}/lake/lock.js`)});
    await acquireLock(${JSON.stringify(dir)});
    console.log("held");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  await expect(acquireLock(dir)).rejects.toThrow(`is in use by process ${child.pid} on `);
  child.kill("SIGKILL");
  await once(child, "close");
  const release = await acquireLock(dir);
  expect(await left(dir)).toEqual(["lock"]);
  await release();
});

const lockOf = async (owner: object) => {
  const dir = await newPlace();
  await mkdir(join(dir, "_ampframe"), { recursive: true });
  await writeFile(join(dir, "_ampframe", "lock"), JSON.stringify({ token: "t", ...thisOwner(0), ...owner }));
  return dir;
};

test("a lock of another machine is held, and the file to remove is named", async () => {
  const dir = await lockOf({ host: "elsewhere", machine: "m", boot: "b" });
  await expect(acquireLock(dir)).rejects.toMatchObject({
    message: expect.stringContaining("on elsewhere since"),
    wayOut: expect.stringContaining(join(dir, "_ampframe", "lock")),
  });
});

test("a lock from before a reboot is taken over", async () => {
  await (await acquireLock(await lockOf({ boot: "an earlier one" })))();
});

test.runIf(process.platform === "linux")(
  "a lock whose number another process now has is taken over",
  async () => {
    await (await acquireLock(await lockOf({ pid: process.ppid, started: "1" })))();
  },
);

test("a lock of a process that has ended, and one cut short, are taken over", async () => {
  const { pid } = spawnSync(process.execPath, ["-e", "0"]);
  await (await acquireLock(await lockOf({ pid })))();
  const dir = await lockOf({});
  await writeFile(join(dir, "_ampframe", "lock"), "{");
  await (await acquireLock(dir))();
});

test("giving back a lock that another has taken over leaves theirs", async () => {
  const dir = await newPlace();
  const release = await acquireLock(dir);
  const theirs = JSON.stringify({ token: "theirs", ...thisOwner(0) });
  await writeFile(join(dir, "_ampframe", "lock"), theirs);
  await release();
  expect(await readFile(join(dir, "_ampframe", "lock"), "utf8")).toBe(theirs);
});
