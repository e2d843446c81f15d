import { LakeError } from "../errors/index.js";
import type {
  Action,
  AddAction,
  MetaDataAction,
  ProtocolAction,
  RemoveAction,
  TxnAction,
} from "./actions.js";
import { decodePath } from "./paths.js";
import { parseSchema, type TableColumn } from "./schema.js";

/** A data file of the table. */
export interface LakeFile {
  /** Inside the lake, not percent-encoded. */
  readonly path: string;
  readonly app: number | null;
  /** UTC date; null only in files of other writers. */
  readonly uploadDate: string | null;
  readonly bytes: number;
  /** The log's own words on the file: `stats` (see parseStats), `tags`, `partitionValues`. */
  readonly add: AddAction;
}

/** The table as of one version. Never changes; a newer one is another value. */
export interface Snapshot {
  readonly version: number;
  readonly protocol: ProtocolAction;
  readonly metaData: MetaDataAction;
  readonly schema: readonly TableColumn[];
  readonly configuration: Readonly<Record<string, string>>;
  /** By path inside the lake. */
  readonly files: ReadonlyMap<string, LakeFile>;
  /** Files that left the table, by path inside the lake; kept so that checkpoints can name them. */
  readonly removed: ReadonlyMap<string, RemoveAction>;
  /** By application id: `ampframe/<source>/<hour>`, `ampframe-account/<id>`, or another writer's. */
  readonly transactions: ReadonlyMap<string, TxnAction>;
  /** The newest checkpoint that the log holds, -1 if none. */
  readonly checkpoint: number;
}

/** Gathers the actions of a log into a snapshot. */
export class SnapshotBuilder {
  readonly #files: Map<string, LakeFile>;
  readonly #removed: Map<string, RemoveAction>;
  readonly #transactions: Map<string, TxnAction>;
  #protocol: ProtocolAction | undefined;
  #metaData: MetaDataAction | undefined;

  /** Starts from an empty table, or from `base`, which stays as it is. */
  constructor(base?: Snapshot) {
    this.#files = new Map(base?.files);
    this.#removed = new Map(base?.removed);
    this.#transactions = new Map(base?.transactions);
    this.#protocol = base?.protocol;
    this.#metaData = base?.metaData;
  }

  /** Takes in one version's actions, or a checkpoint's. `where` names their file in a LakeError. */
  apply(actions: Iterable<Action>, where: string): void {
    for (const action of actions) {
      if (action.add) this.#add(action.add, where);
      else if (action.remove) this.#remove(action.remove, where);
      else if (action.txn) this.#transactions.set(action.txn.appId, action.txn);
      else if (action.protocol) this.#protocol = action.protocol;
      else if (action.metaData) this.#metaData = action.metaData;
      else if (action.sidecar || action.checkpointMetadata) throw refuseV2(where);
    }
  }

  /** The table at `version`. Throws LakeError if the log never said what the table is. */
  build(version: number, checkpoint: number): Snapshot {
    if (!this.#protocol || !this.#metaData) {
      throw new LakeError(
        `The Delta log up to version ${version} holds no protocol and schema; each table begins with them.`,
        "Restore the folder _delta_log from a backup.",
      );
    }
    return {
      version,
      protocol: this.#protocol,
      metaData: this.#metaData,
      schema: parseSchema(this.#metaData.schemaString),
      configuration: this.#metaData.configuration ?? {},
      files: this.#files,
      removed: this.#removed,
      transactions: this.#transactions,
      checkpoint,
    };
  }

  #add(add: AddAction, where: string): void {
    if (add.deletionVector) throw refuseDeletionVectors(where);
    const path = localPath(add.path, where);
    const { app, upload_date: uploadDate } = add.partitionValues;
    this.#removed.delete(path);
    this.#files.set(path, {
      path,
      app: app ? Number(app) : null,
      uploadDate: uploadDate || null,
      bytes: add.size,
      add,
    });
  }

  #remove(remove: RemoveAction, where: string): void {
    const path = localPath(remove.path, where);
    this.#files.delete(path);
    this.#removed.set(path, remove);
  }
}

function localPath(encoded: string, where: string): string {
  const path = decodePath(encoded);
  if (path !== undefined) return path;
  throw new LakeError(
    `${where} names the data file ${encoded}, which lies outside the lake.`,
    "ampframe reads tables whose files all lie in the table's folder; a shallow clone must be copied whole first.",
  );
}

function refuseDeletionVectors(where: string): LakeError {
  return new LakeError(
    `${where} uses deletion vectors, which another engine wrote and ampframe cannot read.`,
    "In that engine, set delta.enableDeletionVectors to false and run REORG TABLE … APPLY (PURGE).",
  );
}

/** What to say of a checkpoint of the V2 form. */
export function refuseV2(where: string): LakeError {
  return new LakeError(
    `${where} is a Delta checkpoint of the V2 form, which ampframe cannot read.`,
    "In the engine that wrote it, set delta.checkpointPolicy to classic and write a checkpoint again.",
  );
}
