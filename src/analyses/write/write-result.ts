import { putFile } from "../../frame/write/beside.js";
import { checkedPicture, type PictureOptions } from "../draw/picture/picture-options.js";
import { svgToPng } from "../draw/picture/png.js";
import { chartSvg } from "../draw/picture/svg.js";
import { htmlReport } from "../draw/report/html-report.js";
import { markdownReport } from "../draw/report/markdown.js";
import type { AnalysisParts } from "../result.js";
import { type ResultFormat, resultFormatOf } from "./result-format.js";

/** How a result is written. */
export interface ResultWriteOptions extends PictureOptions {
  /** For csv: write `'` before text that a spreadsheet would run as a formula. Default false, because it changes the data. */
  readonly escapeFormulas?: boolean | undefined;
}

/** What was written. */
export interface ResultWritten {
  readonly file: string;
  readonly format: ResultFormat;
  readonly bytes: number;
}

/** Writes `parts` to `file`, whose ending tells the format. Throws UsageError. */
export async function writeResult<Row>(
  parts: AnalysisParts<Row>,
  file: string,
  options: ResultWriteOptions,
): Promise<ResultWritten> {
  const format = resultFormatOf(file);
  const content = await contentOf(parts, format, options);
  await putFile(file, content);
  return { file, format, bytes: Buffer.byteLength(content) };
}

async function contentOf<Row>(
  parts: AnalysisParts<Row>,
  format: ResultFormat,
  options: ResultWriteOptions,
): Promise<string | Uint8Array> {
  const svg = () => chartSvg(parts.chart, checkedPicture(options));
  switch (format) {
    case "html":
      return htmlReport(parts);
    case "svg":
      return `${svg()}\n`;
    case "png":
      return svgToPng(svg());
    case "csv":
      return parts.rows.toCSV({ escapeFormulas: options.escapeFormulas });
    case "json":
      return `${JSON.stringify(parts.rows, null, 2)}\n`;
    case "md":
      return markdownReport(parts);
  }
}
