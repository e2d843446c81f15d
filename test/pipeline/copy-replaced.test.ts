import { join } from "node:path";
import { expect, test } from "vitest";
import { openInput } from "../../src/archive/index.js";
import { Ingest } from "../../src/pipeline/ingest.js";
import { load } from "../../src/pipeline/load.js";
import { openOrCreateTable } from "../../src/pipeline/open-table.js";
import {
  bring,
  eventAt,
  expectWhole,
  lakeUuids,
  ndjson,
  newFolder,
  newPlace,
  noon,
  replayed,
  uuidsOf,
  write,
} from "./scene.js";

const HOUR = "2026-11-20T05";

test("a commit fails if the event in whose favour it dropped a copy is replaced meanwhile; the next brings it", async () => {
  const clock = noon();
  const lake = await newPlace();
  const [kept, gone, fresh] = ["10", "20", "30"].map((minute) => eventAt(`2026-11-20 05:${minute}:00`));
  const project = (events: object[]) => replayed(clock, events as never, { apiKey: "same-key" });
  await bring(await project([kept!, gone!]), clock, lake, { from: HOUR, to: HOUR });
  const path = await write(join(await newFolder(), "a.json"), ndjson([gone!, fresh!]));

  const ingest = await Ingest.open(openOrCreateTable(lake), {});
  const input = await openInput(path);
  await ingest.decode(input, input.name, await input.sha256());
  await input.close();
  let plans = 0;
  const commit = ingest.commit(await ingest.seal(), async () => {
    const basedOn = await ingest.table.refresh();
    if (plans++ === 0)
      await bring(await project([kept!]), clock, lake, { refresh: { from: HOUR, to: HOUR } });
    return {
      ...{ operation: "load", source: { id: "files", project: "files" }, requests: [], remove: [] },
      ...{ hours: new Map(), basedOn },
    };
  });
  await expect(commit).rejects.toMatchObject({
    ...{
      name: "LakeError",
      message: expect.stringContaining("app="),
      wayOut: expect.stringMatching(/again/),
    },
  });
  await ingest.close();
  expect(plans).toBe(2);
  expect(await lakeUuids(lake)).toEqual(uuidsOf([kept!]));
  await load({ lake, paths: [path] });
  expect(await lakeUuids(lake)).toEqual(uuidsOf([kept!, gone!, fresh!]));
  await expectWhole(lake, clock);
});
