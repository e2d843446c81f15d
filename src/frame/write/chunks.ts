import type { QueryOptions } from "../../engine/engine.js";
import { optionalPackage } from "../convert/optional-package.js";
import { toArrow } from "../convert/to-arrow.js";
import { EventFrame } from "../event-frame.js";
import type { Frame } from "../frame.js";
import { excelChunks } from "./excel-chunks.js";
import type { WriteFormat } from "./format.js";
import { csvHead, csvSql, type LineOptions, ndjsonSql } from "./line-sql.js";
import type { FILE_WRITERS } from "./whole-file.js";

/** Pieces of a file, and how many rows were put into them so far. */
export interface Chunks {
  readonly pieces: AsyncIterable<string | Uint8Array>;
  rows(): number;
}

/** The rows of `frame` as the bytes of a file of `format`, made as they are asked for. */
export function chunksOf<Row>(
  frame: Frame<Row>,
  format: Exclude<WriteFormat, keyof typeof FILE_WRITERS>,
  options: QueryOptions & { readonly escapeFormulas?: boolean | undefined },
): Chunks {
  if (format === "arrow") return arrowChunks(frame, options);
  if (format === "xlsx") return excelChunks(frame, options);
  const lineOptions: LineOptions = {
    trusted: frame instanceof EventFrame,
    escapeFormulas: options.escapeFormulas ?? false,
  };
  const head = format === "csv" ? `${csvHead(frame.schema)}\n` : format === "json" ? "[" : "";
  const toSql = format === "csv" ? csvSql : ndjsonSql;
  const [between, before, tail] = format === "json" ? [",\n", "\n", "\n]\n"] : ["\n", "", ""];
  let rows = 0;
  async function* pieces(): AsyncGenerator<string> {
    const { engine, sql, params } = await frame.statement();
    const stream = await engine.stream(toSql(sql, frame.schema, lineOptions), params, options);
    if (head !== "") yield head;
    for await (const batch of stream) {
      const lines = batch.values(0).join(between);
      yield format === "json" ? `${rows === 0 ? before : between}${lines}` : `${lines}\n`;
      rows += batch.length;
    }
    if (tail !== "") yield tail;
  }
  return { pieces: pieces(), rows: () => rows };
}

/** The Arrow IPC file format. The whole table is held in memory first. */
function arrowChunks<Row>(frame: Frame<Row>, options: QueryOptions): Chunks {
  let rows = 0;
  async function* pieces(): AsyncGenerator<Uint8Array> {
    const { tableToIPC } = await optionalPackage(
      ["@uwdata/flechette@2.6.0"],
      () => import("@uwdata/flechette"),
    );
    const table = await toArrow(frame, options);
    rows = table.numRows;
    const written: Uint8Array[] = [];
    const sink = {
      write: (bytes: Uint8Array) => void written.push(bytes),
      pad: (count: number) => void written.push(new Uint8Array(count)),
      finish: () => null,
    };
    tableToIPC(table, { format: "file", sink });
    yield* written;
  }
  return { pieces: pieces(), rows: () => rows };
}
