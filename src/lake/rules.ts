import { LakeError } from "../errors/index.js";
import type { MetaDataAction, ProtocolAction } from "./actions.js";
import { PARTITION_COLUMNS, schemaString } from "./schema.js";
import type { Snapshot } from "./snapshot.js";

/** The form of lake that this ampframe writes and reads. */
export const FORMAT_VERSION = 1;

const MARK = "ampframe.formatVersion";

/** The protocol of a new lake: the least that every Delta reader and writer knows. */
export const PROTOCOL: ProtocolAction = { minReaderVersion: 1, minWriterVersion: 2 };

/** The schema and settings of a new lake. `id` is a UUID, `createdTime` in milliseconds since 1970. */
export function newMetaData(id: string, createdTime: number): MetaDataAction {
  return {
    id,
    name: "events",
    description: "Raw Amplitude events, kept by ampframe",
    format: { provider: "parquet", options: {} },
    schemaString: schemaString(),
    partitionColumns: PARTITION_COLUMNS,
    configuration: { [MARK]: String(FORMAT_VERSION), "delta.enableExpiredLogCleanup": "false" },
    createdTime,
  };
}

/** Throws LakeError, in words, unless the table at `dir` is a lake that this ampframe can read. */
export function requireReadable(dir: string, snapshot: Snapshot): void {
  const { minReaderVersion } = snapshot.protocol;
  const format = snapshot.configuration[MARK];
  if (format === undefined) {
    throw new LakeError(
      `${dir} is a Delta table, but not a lake of ampframe: its setting ${MARK} is missing.`,
      "Name another folder with --lake; ampframe never writes into tables that it did not make.",
    );
  }
  if (!/^[1-9]\d*$/.test(format)) {
    throw new LakeError(
      `The lake ${dir} has the format version "${format}"; a whole number from 1 was expected.`,
      `Set the table's property ${MARK} back to what it was, most likely ${FORMAT_VERSION}.`,
    );
  }
  if (Number(format) > FORMAT_VERSION) {
    throw new LakeError(
      `The lake ${dir} has format version ${format}; this ampframe knows versions up to ${FORMAT_VERSION}.`,
      "Install a newer ampframe: npm install ampframe@latest.",
    );
  }
  if (minReaderVersion > PROTOCOL.minReaderVersion) {
    throw new LakeError(
      `The lake ${dir} asks its readers for Delta protocol ${minReaderVersion}${featureNames(snapshot)}, ` +
        `which another engine switched on; ampframe reads protocol ${PROTOCOL.minReaderVersion}.`,
      "In that engine, drop the features from the table (ALTER TABLE … DROP FEATURE).",
    );
  }
}

/** Throws LakeError, in words, unless this ampframe can also write to the lake at `dir`. */
export function requireWritable(dir: string, snapshot: Snapshot, removes: boolean): void {
  const { minWriterVersion } = snapshot.protocol;
  if (minWriterVersion > PROTOCOL.minWriterVersion) {
    throw new LakeError(
      `The lake ${dir} asks its writers for Delta protocol ${minWriterVersion}${featureNames(snapshot)}, ` +
        `which another engine switched on; ampframe writes protocol ${PROTOCOL.minWriterVersion}.`,
      "In that engine, drop the features and constraints from the table; reading still works.",
    );
  }
  if (snapshot.metaData.partitionColumns.join() !== PARTITION_COLUMNS.join()) {
    throw new LakeError(
      `The lake ${dir} is partitioned by (${snapshot.metaData.partitionColumns.join(", ")}); ` +
        `(${PARTITION_COLUMNS.join(", ")}) was expected.`,
      "Another engine has rebuilt the table; restore it to a version before that.",
    );
  }
  if (removes && snapshot.configuration["delta.appendOnly"] === "true") {
    throw new LakeError(
      `The lake ${dir} has delta.appendOnly set, so rows cannot be replaced.`,
      "Unset the table's property delta.appendOnly; ampframe replaces an hour when it is brought again.",
    );
  }
}

function featureNames({ protocol }: Snapshot): string {
  const names = [...new Set([...(protocol.readerFeatures ?? []), ...(protocol.writerFeatures ?? [])])];
  return names.length > 0 ? ` (${names.join(", ")})` : "";
}
