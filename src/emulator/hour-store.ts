import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Hour } from "../hour.js";
import { type Compression, type HourSource, packMember } from "./hour-source.js";
import type { ZipEntry } from "./zip-writer.js";

/** An entry of an archive to be, with the path of the file that has its content, or the content. */
export interface PreparedEntry extends ZipEntry {
  readonly content: string | Buffer;
}

/** Makes the members of an hour when it is first asked for, and keeps them on disk for every later answer. */
export interface HourStore {
  /** The entries of `hour`; none if it has no events. */
  entriesOf(hour: Hour): Promise<readonly PreparedEntry[]>;
  /** Forgets all and removes the files. */
  close(): Promise<void>;
}

/** Opens a store in a new folder under `parent` (default: the system's folder for temporary files). */
export async function openHourStore(
  source: HourSource,
  compression: Compression,
  parent: string = tmpdir(),
): Promise<HourStore> {
  await mkdir(parent, { recursive: true });
  const dir = await mkdtemp(join(parent, "ampframe-emulator-"));
  const hours = new Map<Hour, Promise<readonly PreparedEntry[]>>();
  let last: Promise<unknown> = Promise.resolve();

  async function prepare(hour: Hour): Promise<readonly PreparedEntry[]> {
    const entries: PreparedEntry[] = [];
    for await (const member of source.members(hour)) {
      const { entry, content } = await packMember(member, compression);
      const path = join(dir, `${hour}-${entries.length}`);
      await writeFile(path, content);
      entries.push({ ...entry, content: path });
    }
    return entries;
  }

  return {
    entriesOf(hour) {
      let entries = hours.get(hour);
      if (!entries) {
        entries = last.then(() => prepare(hour));
        last = entries.catch(() => hours.delete(hour));
        hours.set(hour, entries);
      }
      return entries;
    },
    async close() {
      hours.clear();
      await last;
      await rm(dir, { recursive: true, force: true });
    },
  };
}
