import { cellText, escaped } from "../print/cell-text.js";
import { schemaTables } from "./schema-text.js";
import type { SchemaContent } from "./schema-types.js";

const RIGHT: ReadonlySet<string> = new Set(["int64", "double"]);

/** The schema as a document. */
export function schemaMarkdown(schema: SchemaContent): string {
  const days = schema.trendDays;
  const trend = days.length > 0 ? ` The trend is of ${days[0]} to ${days.at(-1)}, UTC.` : "";
  const head = `# Tracking plan as found\n\n${schema.count.toLocaleString("en-US")} events, version ${schema.version} of the lake.${trend}\n`;
  const parts = schemaTables(schema).map(({ heading, table: { columns, rows } }) => {
    const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
    return [
      `## ${markdown(heading)}`,
      "",
      line(columns.map(({ name }) => markdown(name))),
      line(columns.map(({ type }) => (RIGHT.has(type.kind) ? "---:" : "---"))),
      ...rows.map((row) =>
        line(columns.map(({ type }, i) => markdown(cellText(row[i] ?? null, type)) || " ")),
      ),
      "",
    ].join("\n");
  });
  return [head, ...parts].join("\n");
}

/** `text` on one line, so that nothing in it is markup or HTML. */
function markdown(text: string): string {
  return escaped(text)
    .replace(/[\\`*_{}[\]()#+!|~-]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/@/g, "&#64;")
    .replace(/:\/\//g, "&#58;//");
}
