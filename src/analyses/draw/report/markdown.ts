import type { AnalysisParts } from "../../result.js";
import { chartText } from "../terminal.js";

const WIDTH = 100;

/** The picture as text, its meaning, the rows, the SQL, as Markdown. */
export function markdownReport<Row>({ chart, explanation, rows, sql, warnings }: AnalysisParts<Row>): string {
  const { definition, differences, sources } = explanation;
  const picture = chartText(chart, { width: WIDTH, colors: false });
  const table = rows.toText({ width: WIDTH, colors: false });
  return `${[
    `# ${plain(chart.title)}`,
    fenced(picture, "text"),
    ...warnings.map(({ text }) => `**Warning:** ${plain(text)}`),
    ...definition.map(plain),
    ...(differences.length > 0 ? ["## Why Amplitude’s chart may differ", list(differences)] : []),
    ...["## Rows", fenced(table, "text"), "## Query", fenced(sql, "sql")],
    ...(sources.length > 0 ? ["## Sources", list(sources)] : []),
  ].join("\n\n")}\n`;
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${plain(item)}`).join("\n");
}

/** Text in one line in which Markdown sees no markup and no HTML. */
function plain(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\`*_[\]<>#|!&]/g, "\\$&");
}

/** A block that no run of backticks in it ends. */
function fenced(text: string, language: string): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
