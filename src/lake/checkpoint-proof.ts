import { parseActions } from "./actions.js";
import { type CheckpointStore, checkpointRows } from "./checkpoint.js";
import type { Fault } from "./fault.js";
import { errorCode } from "./files.js";
import { type LogListing, listLog, readVersion } from "./log.js";
import { LOG } from "./paths.js";
import { type Snapshot, SnapshotBuilder } from "./snapshot.js";
import type { LakeStore } from "./store/lake-store.js";

/**
 * What is wrong with the newest checkpoint: it cannot be read, or where the entries before it are still there, it is
 * not what they add up to; and with the pointer to it.
 */
export async function wrongCheckpoint(store: LakeStore, checkpoints: CheckpointStore): Promise<Fault[]> {
  const listing = await listLog(store);
  const pointer = await wrongPointer(store, listing);
  const [newest] = listing.checkpoints;
  if (!newest) return pointer;
  const what = `checkpoint ${LOG}/${newest.parts[0]}`;
  let builder: SnapshotBuilder;
  try {
    builder = await readCheckpoint(store, newest.parts, checkpoints);
    const found = builder.build(newest.version, newest.version);
    const due = await replayed(store, listing, newest.version);
    return [...pointer, ...(due ? differences(what, found, due) : [])];
  } catch (error) {
    return [...pointer, { what, found: (error as Error).message, expected: "a checkpoint that can be read" }];
  }
}

async function readCheckpoint(
  store: LakeStore,
  parts: readonly string[],
  checkpoints: CheckpointStore,
): Promise<SnapshotBuilder> {
  const name = store.nameOf(`${LOG}/${parts[0]}`);
  const builder = new SnapshotBuilder();
  const rows = await checkpointRows(store, parts, checkpoints);
  builder.apply(parseActions(rows.join("\n"), name), name);
  return builder;
}

/** The table at `version` from the entries alone, if all are there. */
async function replayed(
  store: LakeStore,
  { commits }: LogListing,
  version: number,
): Promise<Snapshot | undefined> {
  const builder = new SnapshotBuilder();
  for (let at = 0; at <= version; at += 1) {
    const actions = commits.has(at) ? await readVersion(store, at) : undefined;
    if (!actions) return undefined;
    builder.apply(actions, `${LOG}, version ${at}`);
  }
  return builder.build(version, -1);
}

/** What the entries say of files' stats is held against the accounts; other programs write it in other words. */
function differences(what: string, found: Snapshot, due: Snapshot): Fault[] {
  const told = (snapshot: Snapshot) =>
    new Map<string, string>([
      ...[...snapshot.files].map(([path, { add }]): [string, string] => [
        `the file ${path}`,
        JSON.stringify([add.size, add.partitionValues.app || null, add.partitionValues.upload_date || null]),
      ]),
      ...[...snapshot.transactions].map(([id, { version }]): [string, string] => [
        `the transaction ${id}`,
        String(version),
      ]),
      ["the schema", snapshot.schema.map(({ name, type }) => `${name} ${type}`).join()],
      ["the partition columns", snapshot.metaData.partitionColumns.join()],
      ["the settings", JSON.stringify(Object.entries(snapshot.configuration).sort())],
      ["the protocol", `${snapshot.protocol.minReaderVersion}, ${snapshot.protocol.minWriterVersion}`],
    ]);
  const [says, must] = [told(found), told(due)];
  return [...new Set([...says.keys(), ...must.keys()])]
    .filter((name) => says.get(name) !== must.get(name))
    .map((name) => ({
      what,
      found: says.has(name) ? `${name}: ${says.get(name)}` : `no ${name}`,
      expected: must.has(name) ? `${name}: ${must.get(name)}, as the entries say` : `no ${name}`,
    }));
}

async function wrongPointer(store: LakeStore, listing: LogListing): Promise<Fault[]> {
  const what = `${LOG}/_last_checkpoint`;
  const expected = "the version of a checkpoint that is there";
  let text: string;
  try {
    text = (await store.read(what)).toString("utf8");
  } catch (error) {
    return errorCode(error) === "ENOENT" ? [] : [{ what, found: (error as Error).message, expected }];
  }
  try {
    const { version } = JSON.parse(text);
    if (listing.checkpoints.some((checkpoint) => checkpoint.version === version)) return [];
    return [{ what, found: `version ${version}`, expected }];
  } catch {
    return [{ what, found: "no JSON", expected }];
  }
}
