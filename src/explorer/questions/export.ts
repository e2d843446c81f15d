import { randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { lakeName } from "./lake-name.js";
import type { Question } from "./question.js";
import { askedColumns } from "./stream/asked-columns.js";
import { Scope } from "./stream/scope.js";

const FORMATS = ["csv", "parquet", "ndjson", "arrow"] as const;

/** Writes the selection to a file from which the server sends it once. */
export const answer: Question<"export"> = async (given, { opened, lake, exports, signal }) => {
  const format = given.oneOf("format", FORMATS);
  const escapeFormulas = given.optionalBoolean("escapeFormulas") ?? false;
  const { columns, properties } = askedColumns(given.texts("columns"));
  const scope = await Scope.of(opened, given.selection());
  const frame = scope.frame(
    columns.length > 0 ? columns : ["event_time"],
    properties.map(({ property }) => ({ property })),
  );
  const id = randomBytes(16).toString("hex");
  const folder = join(exports, id);
  const file = `${plain(lakeName(lake))}-events.${format}`;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    const written = await frame.write(join(folder, file), {
      signal,
      ...(format === "csv" && { escapeFormulas }),
    });
    return { id, file, events: written.rows, bytes: written.bytes };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
};

/** The lake's name as far as it can stand in a file's name anywhere. */
function plain(name: string): string {
  return name.replace(/[^\w-]+/g, "-").replace(/^-+|-+$/g, "") || "lake";
}
