import type { TableStyle } from "../../../frame/print/text-table.js";
import type { FlowChart } from "../../chart.js";
import { drawable, numberText } from "../numbers.js";
import { bar } from "./bar.js";
import { BOLD, type Line, label, padEnd, padStart, widest } from "./line.js";
import { more } from "./more.js";
import { seriesStyle } from "./series.js";

const MOST_SOURCES = 8;
const MOST_TARGETS = 6;
const LONGEST_BAR = 40;

interface Source {
  readonly name: string;
  readonly total: number;
  readonly targets: readonly { readonly name: string; readonly value: number }[];
}

/** For each column what its names lead to, the largest first. */
export function flowLines({ flows }: FlowChart, { width }: TableStyle): Line[] {
  const columns = [...new Set(flows.map(({ column }) => column))].sort((a, b) => a - b);
  return columns.flatMap((column, i) => {
    const sources = sourcesOf(flows.filter((flow) => flow.column === column));
    const head: Line = [{ text: `${column + 1} → ${column + 2}`, style: BOLD }];
    return [...(i > 0 ? [[]] : []), head, ...columnLines(sources, width)];
  });
}

function columnLines(sources: readonly Source[], width: number): Line[] {
  const shown = sources.slice(0, MOST_SOURCES);
  const rows = shown.flatMap(({ name, total, targets }) => [
    { name: `  ${label(name)}`, value: total, share: undefined, hidden: 0 },
    ...targets.slice(0, MOST_TARGETS).map((target, i) => ({
      name: `    → ${label(target.name)}`,
      value: target.value,
      share: total > 0 ? target.value / total : null,
      hidden: i === MOST_TARGETS - 1 ? targets.length - MOST_TARGETS : 0,
    })),
  ]);
  const most = Math.max(1, ...rows.map(({ value }) => value));
  const figures = rows.map(({ value }) => numberText(value, "count", width < 60));
  const shares = rows.map(({ share }) => (share === undefined ? "" : numberText(share, "percent", true)));
  const [figureWidth, shareWidth] = [widest(figures), widest(shares)];
  const nameWidth = Math.min(widest(rows.map(({ name }) => name)), Math.max(10, Math.floor(width * 0.45)));
  const room = Math.min(LONGEST_BAR, width - nameWidth - figureWidth - shareWidth - 6);
  const lines = rows.flatMap(({ name, value, share, hidden }, i): Line[] => [
    [
      { text: padEnd(label(name, nameWidth), nameWidth) },
      { text: `  ${padStart(figures[i]!, figureWidth)}  ${padStart(shares[i]!, shareWidth)}  ` },
      { text: room < 1 ? "" : bar((value / most) * room), style: seriesStyle(share === undefined ? 0 : 3) },
    ],
    ...more(hidden, "", "").map((line): Line => [{ text: "      " }, ...line]),
  ]);
  return [
    ...lines,
    ...more(sources.length - shown.length, "name", "names").map((l): Line => [{ text: "  " }, ...l]),
  ];
}

function sourcesOf(flows: FlowChart["flows"]): Source[] {
  const sources = new Map<string, { name: string; value: number }[]>();
  for (const { from, to, value } of flows) {
    const targets = sources.get(from) ?? [];
    targets.push({ name: to, value: Math.max(0, drawable(value) ?? 0) });
    sources.set(from, targets);
  }
  return [...sources]
    .map(([name, targets]) => ({
      name,
      total: targets.reduce((sum, { value }) => sum + value, 0),
      targets: targets.sort((a, b) => b.value - a.value),
    }))
    .sort((a, b) => b.total - a.total);
}
