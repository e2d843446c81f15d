import type { UnknownName } from "../../../frame/unknown-name.js";
import type { AnalysisParts } from "../../result.js";
import { chartSvg } from "../picture/svg.js";
import { xmlText } from "../picture/svg-document.js";
import { REPORT_CSS } from "./report-css.js";

/** Nothing is loaded and nothing runs, whatever a name holds. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
const PICTURE_WIDTH = 880;

/** A page of its own, which loads nothing: picture, meaning, rows, SQL. */
export function htmlReport<Row>({
  chart,
  explanation,
  rows,
  sql,
  params,
  warnings,
}: AnalysisParts<Row>): string {
  const { definition, differences, sources } = explanation;
  const body = [
    `<header><h1>${xmlText(chart.title)}</h1></header>`,
    `<figure>${chartSvg(chart, { width: PICTURE_WIDTH, titled: false })}</figure>`,
    ...notes(warnings),
    section(
      "What was computed",
      definition.map((text) => `<p>${xmlText(text)}</p>`),
    ),
    section("Why Amplitude’s chart may differ", list(differences.map(xmlText))),
    section("Rows", [rows.toHTML()]),
    section("Query", [
      `<pre><code>${xmlText(sql)}</code></pre>`,
      ...(params === undefined ? [] : [`<p>Parameters: <code>${xmlText(paramsText(params))}</code></p>`]),
    ]),
    section("Sources", list(sources.map(linked))),
  ];
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${xmlText(chart.title)}</title>`,
    `<style>${REPORT_CSS}</style>`,
    "</head>",
    `<body><main>\n${body.filter((part) => part !== "").join("\n")}\n</main></body>`,
    "</html>\n",
  ].join("\n");
}

/** For a notebook: the picture on light ground, since a page's theme is not known, and the rows. */
export function htmlFragment<Row>({ chart, rows, warnings }: AnalysisParts<Row>): string {
  const picture = chartSvg(chart, { theme: "light" });
  return `<div style="max-width:840px;overflow-x:auto">${picture}</div>\n${[...notes(warnings), rows.toHTML()].join("\n")}`;
}

function notes(warnings: readonly UnknownName[]): string[] {
  return warnings.map(({ text }) => `<p role="note"><strong>Warning:</strong> ${xmlText(text)}</p>`);
}

function section(title: string, content: readonly string[]): string {
  return content.length === 0 ? "" : `<section><h2>${title}</h2>\n${content.join("\n")}</section>`;
}

function list(items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`<ul>${items.map((item) => `<li>${item}</li>`).join("")}</ul>`];
}

function linked(source: string): string {
  const text = xmlText(source);
  return /^https:\/\/[^\s"'<>]+$/.test(source) ? `<a href="${text}" rel="noreferrer">${text}</a>` : text;
}

function paramsText(params: unknown): string {
  return JSON.stringify(params, (_, value) => (typeof value === "bigint" ? String(value) : value)) ?? "";
}
