import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEngine } from "../../src/engine/duckdb.js";
import type { LakeFile } from "../../src/engine/lake-view.js";
import type { LakeFiles } from "../../src/frame/event-source.js";
import { Lake } from "../../src/frame/lake.js";
import { type EventSql, eventsSql, manyEventsSql, writeLakeFile } from "../engine/lake-files.js";

/** A lake made for a test: its files, and the handle that reads them. */
export interface MadeLake {
  readonly dir: string;
  readonly lake: Lake;
  /** Adds a file as a commit does. */
  add(partition: { app: string; day: string }, events: readonly EventSql[]): Promise<void>;
  addMany(partition: { app: string; day: string }, count: number, event: EventSql): Promise<void>;
  /** How often the table was asked for its files. */
  asked(): number;
  close(): Promise<void>;
}

/** Ends with the process: files of tests share it. */
const writer = await openEngine({ threads: 2, cacheFiles: false });

/** Makes an empty lake in a temporary folder; a remote one is asked as if its files had to be fetched. */
export async function makeLake({ isRemote = false } = {}): Promise<MadeLake> {
  const dir = mkdtempSync(join(tmpdir(), "ampframe-frame-"));
  const files: LakeFile[] = [];
  let version = 0;
  let asked = 0;
  const source = {
    dir,
    isRemote,
    files: async (): Promise<LakeFiles> => {
      asked += 1;
      return { version, files: [...files] };
    },
  };
  const lake = new Lake(source, openEngine);
  const add = async (partition: { app: string; day: string }, sql: string, rows: number) => {
    const name = `part-${version}.parquet`;
    files.push({ ...(await writeLakeFile(writer, dir, { ...partition, name }, sql)), rows });
    version += 1;
  };
  return {
    dir,
    lake,
    add: (partition, events) => add(partition, eventsSql(events), events.length),
    addMany: (partition, count, event) => add(partition, manyEventsSql(count, event), count),
    asked: () => asked,
    close: async () => {
      await lake.close();
      rmSync(dir, { recursive: true });
    },
  };
}
