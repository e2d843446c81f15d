import { UsageError } from "../../errors/index.js";

/** Formats that a frame can be written in. */
export type WriteFormat = "parquet" | "csv" | "ndjson" | "json" | "arrow" | "xlsx" | "duckdb" | "sqlite";

/** A format, and whether its bytes are to be gzipped. */
export interface FileForm {
  readonly format: WriteFormat;
  readonly gzip: boolean;
}

const ENDINGS: Readonly<Record<string, WriteFormat>> = {
  ".parquet": "parquet",
  ".csv": "csv",
  ".ndjson": "ndjson",
  ".jsonl": "ndjson",
  ".json": "json",
  ".arrow": "arrow",
  ".xlsx": "xlsx",
  ".duckdb": "duckdb",
  ".sqlite": "sqlite",
  ".db": "sqlite",
};

/** All formats, for help and messages. */
export const WRITE_FORMATS: readonly WriteFormat[] = [
  "parquet",
  "csv",
  "ndjson",
  "json",
  "arrow",
  "xlsx",
  "duckdb",
  "sqlite",
];

const TEXT: ReadonlySet<WriteFormat> = new Set(["csv", "ndjson", "json"]);

/** The form that a file's name asks for; `format`, if given, outranks it. Throws UsageError if unknown. */
export function formOf(file: string, format?: WriteFormat): FileForm {
  const gzip = /\.gz$/i.test(file);
  const ending = /\.[^./\\]+$/.exec(file.replace(/\.gz$/i, ""))?.[0].toLowerCase() ?? "";
  const found = format ?? ENDINGS[ending];
  if (found === undefined) {
    throw new UsageError(
      `The format of ${file} is unknown.`,
      `End its name in ${Object.keys(ENDINGS).join(", ")}, or give the format: ${WRITE_FORMATS.join(", ")}.`,
    );
  }
  return checkedForm({ format: found, gzip });
}

/** `form` if there is such a format and gzip makes sense for it; else throws UsageError. */
export function checkedForm(form: FileForm): FileForm {
  const { format, gzip } = form;
  if (!WRITE_FORMATS.includes(format)) {
    throw new UsageError(`There is no format ${format}.`, `The formats are ${WRITE_FORMATS.join(", ")}.`);
  }
  if (gzip && !TEXT.has(format)) {
    throw new UsageError(`A gzipped ${format} file could not be read.`, "Leave out .gz.");
  }
  return form;
}
