import { rect, text } from "@observablehq/plot";
import type { FunnelChart } from "../../chart.js";
import { type FunnelStep, funnelSteps } from "../funnel-steps.js";
import { numberText } from "../numbers.js";
import { type Drawing, FONT_SIZE, nameText, plotted, type Room, widestText } from "./canvas.js";
import { color, SERIES_COLORS, seriesColor } from "./palette.js";

const BAR = 26;
const GAP = 24;
const HEAD = 22;
const COLUMN_GAP = 18;

interface FunnelBar {
  readonly step: number;
  readonly way: number;
  readonly share: number;
  readonly figures: readonly string[];
}

const HEADS = ["users", "of first", "of previous"];

/** For each step a bar a funnel: its length is the share of the first step. Beside it the figures, below it who was lost. */
export function drawFunnel({ steps, funnels }: FunnelChart, { document, width }: Room): Drawing {
  const shown = funnels.slice(0, SERIES_COLORS);
  const ways = shown.map(({ users }) => funnelSteps(steps, users));
  const numbered = steps.map((name, i) => nameText(`${i + 1}  ${name}`, Math.min(260, width * 0.32)));
  const bars = steps.flatMap((_, step) =>
    ways.map((way, i): FunnelBar => {
      const here = way[step]!;
      return { step, way: i, share: Math.max(0, Math.min(1, here.ofFirst ?? 0)), figures: figuresOf(here) };
    }),
  );
  const single = ways.length === 1;
  const bar = single ? BAR : 18;
  const group = bar * ways.length + (single ? GAP : 14);
  const height = HEAD + group * (steps.length - 1) + bar * ways.length;
  const columns = HEADS.map((head, i) => widestText([head, ...bars.map(({ figures }) => figures[i]!)]));
  const ends = columns.map((_, i) => columns.slice(i + 1).reduce((sum, wide) => sum + wide + COLUMN_GAP, 0));
  const marginLeft = widestText(numbered) + 14;
  const marginRight = columns.reduce((sum, wide) => sum + wide + COLUMN_GAP, 0);
  const top = ({ step, way }: FunnelBar) => HEAD + step * group + way * bar;
  const box = {
    x1: 0,
    y1: (one: FunnelBar) => top(one) + 1,
    y2: (one: FunnelBar) => top(one) + bar - 1,
    rx: 2,
  };
  const figure = { frameAnchor: "right", textAnchor: "end", fontSize: FONT_SIZE } as const;
  const node = plotted(document, {
    ...{ width, height, marginLeft, marginRight, marginTop: 0, marginBottom: 0 },
    x: { type: "linear", domain: [0, 1], axis: null },
    y: { type: "linear", domain: [0, height], range: [0, height], axis: null },
    marks: [
      rect(bars, { ...box, x2: 1, fill: color("grid"), fillOpacity: 0.5 }),
      ...ways.map((_, way) =>
        rect(
          bars.filter((one) => one.way === way && one.share > 0),
          { ...box, x2: "share", fill: seriesColor(way) },
        ),
      ),
      ...HEADS.flatMap((head, i) => [
        text([head], {
          ...figure,
          y: 8,
          dx: marginRight - ends[i]!,
          text: (name) => name,
          fill: color("muted"),
        }),
        text(bars, {
          ...{ ...figure, y: (one: FunnelBar) => top(one) + bar / 2, dx: marginRight - ends[i]! },
          ...{ text: (one: FunnelBar) => one.figures[i]!, fill: color(i === 0 ? "ink" : "muted") },
        }),
      ]),
      text(steps, {
        y: (_: string, i: number) => HEAD + i * group + (bar * ways.length) / 2,
        text: (_: string, i: number) => numbered[i]!,
        ...{ frameAnchor: "left", textAnchor: "start", dx: -marginLeft, fontSize: FONT_SIZE },
      }),
      ...(single ? [lost(ways[0]!, group)] : []),
    ],
  });
  const legend = single ? [] : shown.map(({ name }, i) => ({ name, color: seriesColor(i) }));
  const rest = funnels.length - shown.length;
  return { node, height, legend, notes: rest > 0 ? [`${rest} more not shown`] : [] };
}

function figuresOf({ users, ofFirst, ofBefore, dropped }: FunnelStep): string[] {
  const before = dropped === null ? "" : numberText(ofBefore, "percent");
  return [numberText(users, "count"), numberText(ofFirst, "percent"), before];
}

/** Between two bars: how many did not go on. */
function lost(way: readonly FunnelStep[], group: number) {
  return text(way.slice(1), {
    ...{ x: 0, y: (_: FunnelStep, i: number) => HEAD + i * group + BAR + GAP / 2 },
    text: ({ dropped }: FunnelStep) => `↓ ${numberText(dropped, "count")} dropped off`,
    ...{ textAnchor: "start", dx: 1, fill: color("muted"), fontSize: 11 },
  });
}
