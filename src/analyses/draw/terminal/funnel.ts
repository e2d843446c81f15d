import type { TableStyle } from "../../../frame/print/text-table.js";
import type { FunnelChart } from "../../chart.js";
import { type FunnelStep, funnelSteps } from "../funnel-steps.js";
import { numberText } from "../numbers.js";
import { bar } from "./bar.js";
import {
  BOLD,
  DIM,
  type Line,
  label,
  labels,
  lineWidth,
  padEnd,
  padStart,
  type Span,
  widest,
} from "./line.js";
import { more } from "./more.js";
import { seriesStyle } from "./series.js";

const MOST = 12;
const SIDE_BY_SIDE = 64;
const GAP = 4;
const LONGEST_BAR = 60;
const LEAST_BAR = 6;

/** A line for each step. Several funnels stand side by side where there is room, else below one another. */
export function funnelLines({ steps, funnels }: FunnelChart, { width }: TableStyle): Line[] {
  const shown = funnels.slice(0, MOST);
  const abreast = Math.max(1, Math.min(shown.length, Math.floor((width + GAP) / (SIDE_BY_SIDE + GAP))));
  const room = Math.floor((width - GAP * (abreast - 1)) / abreast);
  const blocks = shown.map(({ name, users }, i): Line[] => {
    const head: Line[] =
      funnels.length > 1 ? [[{ text: label(name, room), style: `${BOLD};${seriesStyle(i)}` }]] : [];
    return [...head, ...stepLines(funnelSteps(steps, users), room, seriesStyle(i))];
  });
  const lines: Line[] = [];
  for (let i = 0; i < blocks.length; i += abreast) {
    if (i > 0) lines.push([]);
    lines.push(...besideEachOther(blocks.slice(i, i + abreast), room));
  }
  return [...lines, ...more(funnels.length - shown.length, "funnel", "funnels")];
}

interface Column {
  readonly head: string;
  readonly of: (step: FunnelStep) => string;
}

/** In the order in which they are given up where there is no room. */
const COLUMNS: readonly Column[] = [
  { head: "users", of: ({ users }) => numberText(users, "count") },
  { head: "of first", of: ({ ofFirst }) => numberText(ofFirst, "percent") },
  { head: "of previous", of: (step) => (step.dropped === null ? "" : numberText(step.ofBefore, "percent")) },
  { head: "dropped", of: ({ dropped }) => (dropped === null ? "" : numberText(dropped, "count")) },
];

function stepLines(steps: readonly FunnelStep[], width: number, style: string): Line[] {
  const numbers = steps.map((_, i) => `${i + 1}  `);
  const names = steps.map(({ name }) => name);
  const fullNames = names.map((name, i) => numbers[i]! + label(name));
  const nameWidth = Math.min(widest(fullNames), Math.max(8, Math.floor(width * 0.3)));
  const cutNames = labels(names, nameWidth - widest(numbers));
  const columns: { head: string; cells: string[]; width: number }[] = [];
  let left = width - nameWidth;
  for (const { head, of } of COLUMNS) {
    const cells = steps.map(of);
    const needed = widest([head, ...cells]);
    if (left - needed - 2 < (columns.length < 2 ? 0 : LEAST_BAR)) break;
    columns.push({ head, cells, width: needed });
    left -= needed + 2;
  }
  const room = Math.min(LONGEST_BAR, left - 2);
  const row = (name: Span, texts: readonly string[], rest: Span): Line => [
    { text: padEnd(name.text, nameWidth), style: name.style },
    ...columns.map((column, i) => ({ text: `  ${padStart(texts[i]!, column.width)}`, style: name.style })),
    { text: "  " },
    rest,
  ];
  const heads = columns.map(({ head }) => head);
  return [
    row({ text: "", style: DIM }, heads, { text: "" }),
    ...steps.map(({ ofFirst }, i) =>
      row(
        { text: numbers[i]! + cutNames[i]! },
        columns.map(({ cells }) => cells[i]!),
        { text: room < LEAST_BAR ? "" : bar(Math.max(0, Math.min(1, ofFirst ?? 0)) * room), style },
      ),
    ),
  ];
}

function besideEachOther(blocks: readonly (readonly Line[])[], room: number): Line[] {
  const height = Math.max(0, ...blocks.map(({ length }) => length));
  return Array.from({ length: height }, (_, row) =>
    blocks.flatMap((block, i): Line => {
      const line = block[row] ?? [];
      if (i === blocks.length - 1) return line;
      return [...line, { text: " ".repeat(Math.max(0, room - lineWidth(line)) + GAP) }];
    }),
  );
}
