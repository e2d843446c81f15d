import { createReadStream } from "node:fs";
import type { Engine } from "./engine.js";

const MAP = "MAP(VARCHAR, VARCHAR)";

/** The columns of a classic Delta checkpoint (Delta protocol, "Checkpoint Schema"). */
const COLUMNS = {
  protocol:
    "STRUCT(minReaderVersion INTEGER, minWriterVersion INTEGER, readerFeatures VARCHAR[], writerFeatures VARCHAR[])",
  metaData:
    `STRUCT(id VARCHAR, name VARCHAR, description VARCHAR, format STRUCT(provider VARCHAR, options ${MAP}), ` +
    `schemaString VARCHAR, partitionColumns VARCHAR[], configuration ${MAP}, createdTime BIGINT)`,
  txn: "STRUCT(appId VARCHAR, version BIGINT, lastUpdated BIGINT)",
  add:
    `STRUCT(path VARCHAR, partitionValues ${MAP}, size BIGINT, modificationTime BIGINT, dataChange BOOLEAN, ` +
    `stats VARCHAR, tags ${MAP})`,
  remove:
    "STRUCT(path VARCHAR, deletionTimestamp BIGINT, dataChange BOOLEAN, extendedFileMetadata BOOLEAN, " +
    `partitionValues ${MAP}, size BIGINT)`,
};

/** What else may stand in a checkpoint that the reader must hear of, so that it can refuse it. */
const ALSO_READ = ["sidecar", "checkpointMetadata"];

/** DuckDB holds twice the largest object that it is told of in memory, so it is told no more than there is. */
const LEAST_OBJECT_SIZE = 1 << 20;

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/**
 * Delta checkpoints by way of `engine`. `write` turns the file `ndjson`, one action of a Delta log a line,
 * into the Parquet file `parquet`, not fsynced. `read` gives each row of the Parquet files as such a line.
 * Both fail with QueryError.
 */
export function deltaCheckpoints(engine: Engine) {
  return {
    async write(ndjson: string, parquet: string): Promise<void> {
      const longest = Math.max(LEAST_OBJECT_SIZE, await longestLine(ndjson));
      const columns = Object.entries(COLUMNS).map(([name, type]) => `'${name}': ${quoted(type)}`);
      await engine.run(
        `COPY (SELECT ${Object.keys(COLUMNS).map(quotedName).join(", ")} FROM read_json(${quoted(ndjson)}, ` +
          `format = 'newline_delimited', maximum_object_size = ${longest}, columns = {${columns.join(", ")}})) ` +
          `TO ${quoted(parquet)} (FORMAT parquet, COMPRESSION snappy)`,
      );
    },

    async read(parquet: readonly string[]): Promise<string[]> {
      const source = `read_parquet([${parquet.map(quoted).join(", ")}], union_by_name = true)`;
      const present = await engine.describe(`SELECT * FROM ${source}`);
      const names = present
        .map(({ name }) => name)
        .filter((name) => Object.hasOwn(COLUMNS, name) || ALSO_READ.includes(name));
      const cases = names.map((name) => `WHEN ${quotedName(name)} IS NOT NULL THEN ${object(name)}`);
      if (cases.length === 0) return [];
      const rows = await engine.query(`SELECT CASE ${cases.join(" ")} END AS action FROM ${source}`);
      return rows.rows().flatMap(([action]) => (typeof action === "string" ? [action] : []));
    },
  };
}

/** Bytes of the longest line of a file, its end counted. */
async function longestLine(path: string): Promise<number> {
  let [longest, length] = [0, 0];
  for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = piece.indexOf(0x0a); end >= 0; end = piece.indexOf(0x0a, from)) {
      longest = Math.max(longest, length + end + 1 - from);
      [length, from] = [0, end + 1];
    }
    length += piece.length - from;
  }
  return Math.max(longest, length);
}

const quotedName = (name: string) => `"${name.replaceAll('"', '""')}"`;

const object = (name: string) => `json_object('${name}', ${quotedName(name)})::VARCHAR`;
