import { randomUUID } from "node:crypto";
import { dirname } from "node:path";
import { LakeError } from "../errors/index.js";
import type { Hour, HourRange } from "../hour.js";
import type { AccountSummary } from "./account.js";
import { AccountStore, type CommittedAccount } from "./account-store.js";
import type { Change, CommitOutcome } from "./change.js";
import { type CheckpointOutcome, type CheckpointStore, writeCheckpoint } from "./checkpoint.js";
import { type CohortsOfPerson, personInCohorts } from "./cohorts.js";
import { commitChange } from "./commit.js";
import { madeFrom, removeDerived, removeOrphans } from "./derived.js";
import { guarded, lakeFailure } from "./failure.js";
import type { LakeFiles } from "./files.js";
import { type PersonId, readTombstones, type Tombstones, writeTombstones } from "./forgotten.js";
import {
  type HourState,
  hourStates,
  type Judgement,
  type KnownSource,
  knownSources,
  loadedInputs,
} from "./hour-states.js";
import { readNewer, readSnapshot } from "./log.js";
import { COHORT_TEXTS, listTexts, readText, removeText, writeText } from "./named-texts.js";
import { ARCHIVES } from "./paths.js";
import { readProfile, removeStaleProfiles, writeProfile } from "./profiles.js";
import { putEntry } from "./put-entry.js";
import { type QuarantinedLine, readQuarantine, writeQuarantine } from "./quarantine.js";
import { FORMAT_VERSION, newMetaData, PROTOCOL, requireReadable } from "./rules.js";
import type { Snapshot } from "./snapshot.js";
import { clearStaging, deadStaging, Staging } from "./staging.js";
import { DiskStore } from "./store/disk-store.js";
import type { LakeStore } from "./store/lake-store.js";
import { isCommitted } from "./transactions.js";
import { type ReplacedFile, replacedFiles } from "./vacuum.js";

/** What a lake works with. */
export interface LakeDoor {
  /** Reads and writes Delta checkpoints; the engine has one. */
  readonly checkpoints: CheckpointStore;
  /** Where the lake lies; by default its folder on the disk. */
  readonly store?: LakeStore | undefined;
  /** The disk, unless there is a store; the real one by default. */
  readonly files?: LakeFiles;
  /** Milliseconds since 1970; the machine's clock by default. */
  readonly now?: () => number;
  /** A checkpoint is due after this many commits; 20 by default. */
  readonly checkpointEvery?: number;
}

const CHECKPOINT_EVERY = 20;

function storeOf(dir: string, { store, files }: LakeDoor): LakeStore {
  return store ?? new DiskStore(dir, files);
}

/** A lake: a Delta table of events, with the account of every commit. */
export class LakeTable {
  /** Absolute path of the lake's folder, or its URL. */
  readonly dir: string;
  readonly #store: LakeStore;
  readonly #now: () => number;
  readonly #checkpoints: CheckpointStore;
  readonly #checkpointEvery: number;
  readonly #accounts: AccountStore;
  #snapshot: Snapshot;
  #staging: Promise<Staging> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  /** Leftovers of dead runs could not be cleared away before there is a newer version. */
  #mustWait = false;

  private constructor(dir: string, door: LakeDoor, snapshot: Snapshot) {
    const { checkpoints, now = Date.now, checkpointEvery = CHECKPOINT_EVERY } = door;
    this.dir = dir;
    this.#store = storeOf(dir, door);
    this.#now = now;
    this.#checkpoints = checkpoints;
    this.#checkpointEvery = checkpointEvery;
    this.#accounts = new AccountStore(this.#store);
    this.#snapshot = snapshot;
    this.#store.knowSizes((path) => this.#snapshot.files.get(path)?.bytes);
  }

  /**
   * Opens the lake at `dir` (absolute). Writes nothing.
   * Throws LakeError if there is none, if it is another kind of table, or of a newer format.
   */
  static async open(dir: string, door: LakeDoor): Promise<LakeTable> {
    const table = await LakeTable.openIfThere(dir, door);
    if (table) return table;
    throw new LakeError(
      `There is no lake at ${dir}: a folder with a Delta log was expected.`,
      "Run ampframe pull or ampframe load to make one, or name another folder with --lake.",
    );
  }

  /** Makes an empty lake at `dir` (absolute). Throws LakeError if there is a table already. */
  static async create(dir: string, door: LakeDoor): Promise<LakeTable> {
    const { now = Date.now } = door;
    const store = storeOf(dir, door);
    const outcome = await guarded(`making the lake ${dir}`, async () => {
      if (await LakeTable.openIfThere(dir, door)) return { kind: "lost" } as const;
      await store.makePlace();
      const staging = await Staging.open(store, now());
      const commit = randomUUID();
      const commitInfo = {
        timestamp: now(),
        operation: "CREATE TABLE",
        ampframe: { formatVersion: FORMAT_VERSION, commit },
      };
      const actions = [{ commitInfo }, { protocol: PROTOCOL }, { metaData: newMetaData(commit, now()) }];
      const put = await putEntry(store, 0, actions, staging.beside("0.json"));
      if (put.kind === "won") return { ...put, staging };
      await staging.close().catch(() => undefined);
      return put;
    });
    if (outcome.kind === "unsure") throw outcome.error;
    if (outcome.kind === "won") {
      const table = await LakeTable.open(dir, door);
      table.#staging = table.#clearDead(outcome.staging).then(() => outcome.staging);
      return table;
    }
    throw new LakeError(
      `There is a lake at ${dir} already.`,
      "Open it as it is, or name another folder with --lake.",
    );
  }

  /** Opens the lake at `dir` (absolute), or makes it if there is none. Throws as `open` does. */
  static async openOrCreate(dir: string, door: LakeDoor): Promise<LakeTable> {
    const table = await LakeTable.openIfThere(dir, door);
    if (table) return table;
    try {
      return await LakeTable.create(dir, door);
    } catch (error) {
      const other = await LakeTable.openIfThere(dir, door).catch(() => undefined);
      if (other) return other;
      throw error;
    }
  }

  /** The lake at `dir` (absolute), undefined if the folder has no log or is not there. Throws as `open` does. */
  static async openIfThere(dir: string, door: LakeDoor): Promise<LakeTable | undefined> {
    const store = storeOf(dir, door);
    const snapshot = await guarded(`reading the lake ${dir}`, () => readSnapshot(store, door.checkpoints));
    if (!snapshot) return undefined;
    requireReadable(dir, snapshot);
    await store.keepOnly((path) => snapshot.files.has(madeFrom(path) ?? path));
    return new LakeTable(dir, { ...door, store }, snapshot);
  }

  /** Where the lake lies. */
  get store(): LakeStore {
    return this.#store;
  }

  /** The table as of the last open, refresh or commit. */
  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  /** Absolute path of a file whose path inside the lake is `path`. */
  filePath(path: string): string {
    return this.#store.filePath(path);
  }

  /** The newest state of the table; reads only what is new. */
  async refresh(): Promise<Snapshot> {
    const snapshot = await guarded(`reading the lake ${this.dir}`, () =>
      readNewer(this.#snapshot, this.#store, this.#checkpoints),
    );
    if (snapshot !== this.#snapshot) requireReadable(this.dir, snapshot);
    if (snapshot.version > this.#snapshot.version) this.#snapshot = snapshot;
    return this.#snapshot;
  }

  /**
   * A folder of this run's own on the lake's disk, for Parquet that is to be committed. The first call also
   * clears away what runs that were killed have left. `close` removes it.
   */
  async stagingDir(): Promise<string> {
    return (await this.#run()).folder;
  }

  /**
   * The path, inside the lake, of a folder of this run's own for files that another engine writes where the lake lies. Like
   * `stagingDir` it goes when the table is closed, and after a kill by a later run.
   */
  async stagingInLake(): Promise<string> {
    return (await this.#run()).inLake;
  }

  /**
   * Applies a change to the newest table. One call at a time does its work; the others wait.
   * Throws LakeError if the disk fails or the figures disagree, CancelledError; the lake is then as before, or
   * the error says that the disk would not confirm it.
   */
  commit(change: Change): Promise<CommitOutcome> {
    const turn = this.#turn.then(() => this.#commit(change));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #commit(change: Change): Promise<CommitOutcome> {
    const staging = await this.#run();
    const result = await guarded(`committing to the lake ${this.dir}`, () =>
      commitChange(
        {
          ...{ store: this.#store, now: this.#now, staging },
          refresh: () => this.refresh(),
          accountsSince: (version) => this.#accounts.summaries(this.#snapshot, version),
        },
        change,
      ),
    );
    if (result.kind === "conflict") return result;
    const checkpoint = await this.#afterCommit(staging);
    return { ...result, checkpoint };
  }

  /** The commit stands: whatever fails from here on costs speed only, and is tried again at the next. */
  async #afterCommit(staging: Staging): Promise<CheckpointOutcome> {
    try {
      const snapshot = await this.refresh();
      if (snapshot.version - Math.max(snapshot.checkpoint, 0) < this.#checkpointEvery)
        return { kind: "notDue" };
      const beside = (name: string) => staging.beside(name);
      await this.#accounts.gather(snapshot, beside);
      await writeCheckpoint(snapshot, this.#checkpoints, this.#store, beside, this.#now());
      this.#snapshot = { ...snapshot, checkpoint: snapshot.version };
      return { kind: "written" };
    } catch (error) {
      return { kind: "failed", error: lakeFailure(`writing a checkpoint of the lake ${this.dir}`, error) };
    }
  }

  /** The summaries of all committed accounts, in the order of versions. */
  summaries(): Promise<readonly AccountSummary[]> {
    return guarded(`reading the accounts of the lake ${this.dir}`, () =>
      this.#accounts.summaries(this.#snapshot),
    );
  }

  /** The accounts committed after version `since` (all by default), in the order of versions, read one by one. */
  async *accounts(since = -1): AsyncGenerator<CommittedAccount> {
    try {
      yield* this.#accounts.accounts(this.#snapshot, since);
    } catch (error) {
      throw lakeFailure(`reading the accounts of the lake ${this.dir}`, error);
    }
  }

  /** The state of each hour of `range` for the source with that id, in order. */
  async hourStates(
    source: string,
    range: HourRange,
    judgement: Partial<Judgement> = {},
  ): Promise<Map<Hour, HourState>> {
    return hourStates(await this.summaries(), source, range, { now: this.#now(), ...judgement });
  }

  /** The sources that have left something in the lake. */
  async sources(): Promise<KnownSource[]> {
    return knownSources(await this.summaries());
  }

  /** SHA-256 of all inputs that were ever loaded. */
  async loadedInputs(): Promise<Set<string>> {
    return loadedInputs(await this.summaries());
  }

  /** Writes lines that could not be read into a new quarantine file; what a commit's account says of it. */
  async writeQuarantine(lines: Iterable<QuarantinedLine> | AsyncIterable<QuarantinedLine>) {
    const temporary = (await this.#run()).beside("quarantine.ndjson");
    return guarded(`writing the quarantine of the lake ${this.dir}`, () =>
      writeQuarantine(this.#store, lines, temporary),
    );
  }

  /** The lines of a quarantine file, in order. `file` is its name, as an account has it. */
  async *quarantined(file: string): AsyncGenerator<QuarantinedLine> {
    try {
      yield* readQuarantine(this.#store, file);
    } catch (error) {
      throw lakeFailure(`reading the quarantine of the lake ${this.dir}`, error);
    }
  }

  /** Data files that left the table but still lie on the disk, those that left it first coming first. */
  replacedFiles(): Promise<ReplacedFile[]> {
    return guarded(`looking for replaced files of the lake ${this.dir}`, () =>
      replacedFiles(this.#store, this.#snapshot, this.accounts()),
    );
  }

  /** Deletes replaced files for good; one that is in the newest table after all stays. Gives those deleted. */
  async deleteReplaced(replaced: readonly ReplacedFile[]): Promise<ReplacedFile[]> {
    return guarded(`deleting replaced files of the lake ${this.dir}`, async () => {
      const { files } = await this.refresh();
      const gone = replaced.filter(({ path }) => !files.has(path));
      await this.#remove(gone.map(({ path }) => path));
      if (gone.length > 0) await removeStaleProfiles(this.#store, files);
      return gone;
    });
  }

  /** The profile of events that is kept under `name`; undefined if there is none, or none that can be read. */
  profile(name: string): Promise<string | undefined> {
    return readProfile(this.#store, name);
  }

  /**
   * Keeps a profile of the data files `of`, by paths inside the lake. It does not stay if one of these has left the table
   * meanwhile, since who took it out may have looked for profiles before this one was there.
   */
  async keepProfile(name: string, text: string, of: readonly string[]): Promise<void> {
    await guarded(`keeping a profile in the lake ${this.dir}`, async () => {
      await writeProfile(this.#store, name, text);
      const { files } = await this.refresh();
      if (!of.every((path) => files.has(path))) await removeStaleProfiles(this.#store, files);
    });
  }

  /** Deletes the profiles that are not of files in the newest table alone, on the disk. */
  async removeStaleProfiles(): Promise<void> {
    await guarded(`deleting profiles of the lake ${this.dir}`, async () =>
      removeStaleProfiles(this.#store, (await this.refresh()).files),
    );
  }

  /** The names of the saved cohorts, sorted. */
  cohortNames(): Promise<string[]> {
    return guarded(`listing the cohorts of the lake ${this.dir}`, () => listTexts(this.#store, COHORT_TEXTS));
  }

  /** The text of the cohort `name`; undefined if there is none. Throws UsageError if it is no name. */
  cohort(name: string): Promise<string | undefined> {
    return guarded(`reading a cohort of the lake ${this.dir}`, () =>
      readText(this.#store, COHORT_TEXTS, name),
    );
  }

  /** Keeps a cohort, on the disk, in the place of one of that name. Throws UsageError if it is no name. */
  keepCohort(name: string, text: string): Promise<void> {
    return guarded(`saving a cohort in the lake ${this.dir}`, () =>
      writeText(this.#store, COHORT_TEXTS, name, text),
    );
  }

  /** Deletes the cohort `name`; false if there is none. Throws UsageError if it is no name. */
  removeCohort(name: string): Promise<boolean> {
    return guarded(`deleting a cohort of the lake ${this.dir}`, () =>
      removeText(this.#store, COHORT_TEXTS, name),
    );
  }

  /** Looks for ids in the cohorts; with `remove` takes them out of their lists, on the disk. */
  personInCohorts(isTheirs: (id: PersonId) => boolean, remove: boolean): Promise<CohortsOfPerson> {
    return guarded(`looking for ids in the cohorts of the lake ${this.dir}`, () =>
      personInCohorts(this.#store, isTheirs, remove),
    );
  }

  /** Whom the lake has forgotten; `known` itself if nobody was added since. */
  tombstones(known?: Tombstones): Promise<Tombstones> {
    return guarded(`reading whom the lake ${this.dir} has forgotten`, () =>
      readTombstones(this.#store, known),
    );
  }

  /** Notes, on the disk, that these ids are forgotten. */
  async writeTombstones(ids: readonly PersonId[]): Promise<void> {
    const staging = await this.#run();
    await guarded(`noting in the lake ${this.dir} who is forgotten`, () =>
      writeTombstones(this.#store, ids, (name) => staging.beside(name)),
    );
  }

  /** Deletes files of whatever kind for good, on the disk; those in the newest table stay. Gives those deleted. */
  async erase(paths: readonly string[]): Promise<string[]> {
    return guarded(`deleting files of the lake ${this.dir}`, async () => {
      const { files } = await this.refresh();
      const gone = paths.filter((path) => !files.has(path));
      await this.#remove(gone);
      for (const folder of new Set(gone.map((path) => dirname(path)))) await this.#store.sync(folder);
      return gone;
    });
  }

  /** Puts the file `path`, an archive that `source` sent, among those that are kept, whole and on the disk. */
  async keepArchive(path: string, source: string, name: string): Promise<void> {
    await guarded(`keeping an archive in the lake ${this.dir}`, async () => {
      await this.#store.disk.sync(path);
      await this.#store.place([{ from: path, to: `${ARCHIVES}/${source}/${name}` }]);
    });
  }

  /** What was made from data files goes before them, and once more after: another run may have made it meanwhile. */
  async #remove(paths: readonly string[]): Promise<void> {
    await removeDerived(this.#store, paths);
    for (const path of paths) await this.#store.remove(path);
    await removeOrphans(this.#store);
  }

  /** Removes this run's staging folder, after the commits under way. The table can be used again after it. */
  async close(): Promise<void> {
    await this.#turn;
    const staging = await this.#staging?.catch(() => undefined);
    this.#staging = undefined;
    if (staging && this.#mustWait) await this.#clearDead(staging);
    await staging?.close().catch(() => undefined);
    await this.#store.close().catch(() => undefined);
  }

  #run(): Promise<Staging> {
    this.#staging ??= guarded(`preparing the lake ${this.dir}`, async () => {
      await this.#store.makeReady();
      const staging = await Staging.open(this.#store, this.#now());
      await this.#clearDead(staging);
      return staging;
    }).catch((error) => {
      this.#staging = undefined;
      throw error;
    });
    return this.#staging;
  }

  /** Leftovers only cost space, so what cannot be cleared away is left to a later run. */
  async #clearDead(staging: Staging): Promise<void> {
    try {
      const dead = await deadStaging(this.#store, await staging.storeTime(this.#now()));
      this.#mustWait = false;
      if (dead.length === 0) return;
      const snapshot = await this.refresh();
      for (const folder of dead) {
        const isOf = (id: string) => isCommitted(snapshot, id);
        if (!(await clearStaging(this.#store, folder, isOf, snapshot.version))) this.#mustWait = true;
      }
    } catch {}
  }
}
