import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { openInput } from "../../src/archive/index.js";
import { SeenUuids } from "../../src/decode/seen-uuids.js";
import { compileDecoder } from "../../src/decode/wasm.js";
import { DEFAULT_LIMITS } from "../../src/limits.js";
import type { openLanes } from "../../src/pipeline/decode-lanes.js";
import { afterThisFile } from "../undo.js";
import { compiledPackage } from "./compiled.js";
import { eventAt, ndjson, newFolder, write } from "./scene.js";

interface Lanes {
  readonly openLanes: typeof openLanes;
}

/** A decoding thread of the package, what makes it start, and what gives it its folder. */
async function lane() {
  const lanes: Lanes = await import(
    pathToFileURL(join(await compiledPackage(), "pipeline/decode-lanes.js")).href
  );
  const folder = await newFolder();
  const cancelled = new SharedArrayBuffer(4);
  const ready = {
    ...{ seen: SeenUuids.memoryFor(100), cancelled },
    ...{ module: await compileDecoder(), limits: DEFAULT_LIMITS },
  };
  let start = () => {};
  const setting = new Promise<typeof ready>((resolve) => {
    start = () => resolve(ready);
  });
  let place = () => {};
  const placed = new Promise<string>((resolve) => {
    place = () => resolve(folder);
  });
  const [opened, ...others] = lanes.openLanes(setting, placed);
  for (const other of others) void other.close();
  const content = ndjson([eventAt("2026-11-22 05:00:00"), eventAt("2026-11-22 06:00:00")]);
  const path = await write(join(folder, "events.json"), content);
  const file = await openInput(path);
  afterThisFile(() => file.close());
  const task = {
    file: { path, format: file.format, fd: file.fd },
    ...{ input: "events.json", member: file.members[0]! },
  };
  return { lane: opened!, start, place, task };
}

test("what is asked of a thread before its setting and its folder are there waits for them", async () => {
  const { lane: opened, start, place, task } = await lane();
  const answers = Promise.all([opened.ask("decode", task), opened.ask("seal", null)]);
  setTimeout(start, 200);
  setTimeout(place, 400);
  const [{ account }, files] = await answers;
  expect(account).toMatchObject({ lines: 2, loaded: 2 });
  expect(files).toMatchObject([{ rows: 2 }]);
  await opened.close();
});

test("what is asked of a thread that ends is refused, before and after", { timeout: 10_000 }, async () => {
  const { lane: opened, task } = await lane();
  const waiting = expect(opened.ask("decode", task)).rejects.toThrow(/thread has ended/);
  await opened.close();
  await waiting;
  await expect(opened.ask("seal", null)).rejects.toThrow(/thread has ended/);
});
