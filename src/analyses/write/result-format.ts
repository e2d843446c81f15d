import { UsageError } from "../../errors/index.js";

/** What a result can be written as. */
export type ResultFormat = "html" | "svg" | "png" | "csv" | "json" | "md";

const FORMATS: readonly ResultFormat[] = ["html", "svg", "png", "csv", "json", "md"];

/** The format that the file's name asks for. Throws UsageError for other names. */
export function resultFormatOf(file: string): ResultFormat {
  const ending = /\.([^./\\]+)$/.exec(file)?.[1]?.toLowerCase();
  const found = FORMATS.find((format) => format === ending);
  if (found !== undefined) return found;
  throw new UsageError(
    `The format of ${file} is unknown.`,
    `End its name in ${FORMATS.map((format) => `.${format}`).join(", ")}.`,
  );
}
