import type { Chart } from "../../../src/analyses/chart.js";
import { AnalysisResult } from "../../../src/analyses/result.js";
import { Table } from "../../../src/frame/table.js";
import { LINES } from "./made-charts.js";

/** A result with some rows. */
export function madeResult(chart: Chart = LINES, name = "Germany"): AnalysisResult<Record<string, unknown>> {
  const rows = new Table<Record<string, unknown>>({
    columns: [
      { name: "time", type: { kind: "text" } },
      { name: "country", type: { kind: "text" } },
      { name: "start", type: { kind: "timestamp" } },
      { name: "users", type: { kind: "int64" } },
      { name: "rate", type: { kind: "double" } },
    ],
    rows: [
      ["2026-11-01", name, 1793491200000000n, 4200n, 0.25],
      ["2026-11-02", "", 1793577600000000n, 4800n, null],
      ["2026-11-03", null, 1793664000000000n, 9007199254740993n, Number.NaN],
    ],
    rowCount: 3,
  });
  return new AnalysisResult({
    rows,
    chart,
    explanation: {
      definition: [
        `Different users who did View Item (${name}) at least once on a day of Europe/Berlin, from 2026-11-01 to 2026-11-30.`,
        "Each amplitude_id is one user.",
      ],
      sources: [
        "https://amplitude.com/docs/analytics/charts/event-segmentation/event-segmentation-build",
        "javascript:alert(1)",
      ],
      differences: [
        "Amplitude merges users whose device was anonymous before; here they are two.",
        "The last day is incomplete: the data ends at 2026-11-30 05:59.",
      ],
    },
    warnings: [],
    sql: `SELECT date_trunc('day', event_time) AS time, count(DISTINCT amplitude_id) AS users\nFROM events\nWHERE event_type = 'View Item' AND country = '${name}'\nGROUP BY 1\nORDER BY 1`,
    params: undefined,
  });
}
