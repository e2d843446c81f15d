import { LakeError } from "../errors/index.js";

/** A data file that joins the table. Unknown members stay in it. */
export interface AddAction {
  /** Percent-encoded, inside the table. */
  readonly path: string;
  readonly partitionValues: Readonly<Record<string, string | null>>;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modificationTime: number;
  readonly dataChange: boolean;
  readonly stats?: string | null;
  readonly tags?: Readonly<Record<string, string | null>> | null;
  readonly deletionVector?: unknown;
}

/** A data file that leaves the table. */
export interface RemoveAction {
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly deletionTimestamp?: number | null;
  readonly dataChange: boolean;
  readonly extendedFileMetadata?: boolean | null;
  readonly partitionValues?: Readonly<Record<string, string | null>> | null;
  readonly size?: number | null;
  readonly deletionVector?: unknown;
}

/** The last version of something that an application counts. */
export interface TxnAction {
  readonly appId: string;
  readonly version: number;
  readonly lastUpdated?: number | null;
}

/** The table's name, schema and settings. */
export interface MetaDataAction {
  readonly id: string;
  readonly name?: string | null;
  readonly description?: string | null;
  readonly format: { readonly provider: string; readonly options?: Readonly<Record<string, string>> | null };
  readonly schemaString: string;
  readonly partitionColumns: readonly string[];
  readonly configuration: Readonly<Record<string, string>> | null;
  readonly createdTime?: number | null;
}

/** What a reader and a writer of the table must be able to do. */
export interface ProtocolAction {
  readonly minReaderVersion: number;
  readonly minWriterVersion: number;
  readonly readerFeatures?: readonly string[] | null;
  readonly writerFeatures?: readonly string[] | null;
}

/** What the writer says of its commit; `ampframe` is ours. */
export interface CommitInfoAction {
  readonly timestamp?: number;
  readonly operation?: string;
  readonly engineInfo?: string;
  readonly operationParameters?: Readonly<Record<string, string>>;
  readonly ampframe?: {
    readonly formatVersion: number;
    /** UUID of the commit. */
    readonly commit: string;
    /** Id of the commit's account. */
    readonly account?: string;
  };
}

/** One line of the log or row of a checkpoint: one of these is set. */
export interface Action {
  readonly add?: AddAction | null;
  readonly remove?: RemoveAction | null;
  readonly txn?: TxnAction | null;
  readonly metaData?: MetaDataAction | null;
  readonly protocol?: ProtocolAction | null;
  readonly commitInfo?: CommitInfoAction | null;
  /** Only in V2 checkpoints. */
  readonly sidecar?: unknown;
  readonly checkpointMetadata?: unknown;
}

/**
 * The actions in the text of a log entry or the rows of a checkpoint. `where` names the file in the LakeError
 * for a line that is none, and for a text without any.
 */
export function parseActions(text: string, where: string): Action[] {
  const actions: Action[] = [];
  let number = 0;
  for (const line of text.split("\n")) {
    number += 1;
    if (line.trim() !== "") actions.push(parseLine(line, `${where}, line ${number}`));
  }
  if (actions.length === 0) throw broken(where);
  return actions;
}

function parseLine(line: string, where: string): Action {
  try {
    const value: unknown = JSON.parse(line);
    if (value && typeof value === "object" && !Array.isArray(value)) return value;
  } catch (cause) {
    throw broken(where, cause);
  }
  throw broken(where);
}

function broken(where: string, cause?: unknown): LakeError {
  return new LakeError(
    `${where} is not an entry of a Delta log: a JSON object was expected.`,
    "Restore that file from a backup; nothing was changed.",
    { cause },
  );
}

/** The text of a log entry: one action a line. */
export function formatActions(actions: readonly Action[]): string {
  return actions.map((action) => `${JSON.stringify(action)}\n`).join("");
}
