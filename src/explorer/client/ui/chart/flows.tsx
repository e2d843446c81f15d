import { useMemo, useRef, useState } from "preact/hooks";
import { type FlowLink, type FlowNode, flowLayout, numberText, seriesColor } from "../../../../browser.js";
import type { FlowChart } from "../../../../index.js";
import { shown } from "../text.js";
import { useSize } from "../use-size.js";
import { type ChartProps, titleOf } from "./place.js";
import { fitted, textWidth } from "./text-width.js";

const BAR = 9;
const LABEL = 7;
const PAD = 10;
/** Narrower than this for a column, the diagram scrolls. */
const COLUMN = 130;
/** A bar of this height has room for a name and its figure below each other. */
const TWO_LINES = 34;

/** A Sankey diagram. A name has the same colour in all columns; pointing at one shows what flows through it. */
export function Flows({ chart, height = 420, onPick }: ChartProps<FlowChart>) {
  const box = useRef<HTMLDivElement>(null);
  const { width: room } = useSize(box);
  const [over, setOver] = useState<FlowNode | FlowLink>();
  const { columns, links } = useMemo(() => flowLayout(chart, height - 2 * PAD), [chart, height]);
  const colors = useMemo(() => colorsOf(columns), [columns]);
  const width = Math.max(room, columns.length * COLUMN);
  const first = columns[0]?.[0]?.column ?? 0;
  const step = (width - COLUMN * 0.9) / Math.max(1, columns.length - 1);
  const x = (node: FlowNode) => (node.column - first) * step;
  const dim = (link: FlowLink) =>
    over !== undefined && over !== link && over !== link.from && over !== link.to;
  return (
    <div class="flows" ref={box} tabIndex={0} role="region" aria-label={titleOf(chart)}>
      {room > 0 && columns.length > 0 && (
        <svg width={width} height={height} role="img" aria-label={`${titleOf(chart)}: ${links.length} flows`}>
          {links.map((link) => (
            <path
              key={`${link.from.column} ${link.from.name} ${link.to.name}`}
              class="flow"
              d={ribbon(link, x(link.from) + BAR, x(link.to))}
              fill={colors.get(link.from.name)}
              fill-opacity={dim(link) ? 0.07 : over === link ? 0.5 : 0.26}
              onPointerEnter={() => setOver(link)}
              onPointerLeave={() => setOver(undefined)}
              onClick={() => onPick?.({ name: link.from.name, index: link.from.column, to: link.to.name })}
            >
              <title>{`${shown(link.from.name)} → ${shown(link.to.name)}: ${numberText(link.value, "count")}`}</title>
            </path>
          ))}
          {columns.flat().map((node) => {
            const figure = numberText(node.value, "count", true);
            const isTall = node.height >= TWO_LINES;
            const beside = isTall ? 0 : textWidth(figure) + 6;
            const isLast = node.column === columns.length - 1 + first;
            const space = (isLast ? COLUMN * 0.9 : step - LABEL) - BAR - LABEL;
            const name = fitted(shown(node.name), space - beside);
            const [left, middle] = [x(node) + BAR + LABEL, node.y + PAD + Math.max(node.height / 2, 4) + 4];
            return (
              <g
                key={`${node.column} ${node.name}`}
                class="flow-node"
                onPointerEnter={() => setOver(node)}
                onPointerLeave={() => setOver(undefined)}
                onClick={() => onPick?.({ name: node.name, index: node.column })}
              >
                <title>{`${shown(node.name)}: ${numberText(node.value, "count")}`}</title>
                <rect
                  x={x(node)}
                  y={node.y + PAD}
                  width={BAR}
                  height={node.height}
                  rx={1.5}
                  fill={colors.get(node.name)}
                />
                <text x={left} y={isTall ? middle - 8 : middle}>
                  {name}{" "}
                  <tspan class="flow-figure" {...(isTall && { x: left, dy: 16 })}>
                    {figure}
                  </tspan>
                </text>
              </g>
            );
          })}
        </svg>
      )}
    </div>
  );
}

/** Names in brackets, which stand for something else than an event, are grey. */
function colorsOf(columns: readonly (readonly FlowNode[])[]): Map<string, string> {
  const colors = new Map<string, string>();
  for (const { name } of columns.flat()) {
    if (!colors.has(name))
      colors.set(name, /^\(.*\)$/.test(name) ? "var(--af-axis)" : seriesColor(colors.size));
  }
  return colors;
}

function ribbon({ fromY, toY, height }: FlowLink, left: number, right: number): string {
  const middle = (left + right) / 2;
  const [y1, y2] = [fromY + PAD, toY + PAD];
  const [low1, low2] = [y1 + height, y2 + height];
  return `M${left},${y1}C${middle},${y1} ${middle},${y2} ${right},${y2}V${low2}C${middle},${low2} ${middle},${low1} ${left},${low1}Z`;
}
