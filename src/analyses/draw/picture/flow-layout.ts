import type { FlowChart } from "../../chart.js";
import { drawable } from "../numbers.js";

/** A name in a column. */
export interface FlowNode {
  readonly name: string;
  readonly column: number;
  readonly value: number;
  /** From the top, and how tall it is. */
  y: number;
  height: number;
}

/** What flows from a node to one in the next column; `fromY` and `toY` are where it begins and ends, from the top. */
export interface FlowLink {
  readonly from: FlowNode;
  readonly to: FlowNode;
  readonly value: number;
  readonly height: number;
  fromY: number;
  toY: number;
}

/** Where everything lies. */
export interface FlowLayout {
  readonly columns: readonly (readonly FlowNode[])[];
  readonly links: readonly FlowLink[];
}

const GAP = 16;
const MOST = 12;
const THINNEST = 1;

/**
 * A Sankey diagram of `height`: in each column the largest name is at the top, and heights stand for values. Of a column's
 * names those beyond the first dozen are one, `n more`.
 */
export function flowLayout({ flows }: FlowChart, height: number): FlowLayout {
  const merged = mergedFlows(flows);
  const first = Math.min(...merged.map(({ column }) => column));
  const last = Math.max(...merged.map(({ column }) => column)) + 1;
  const columns = Array.from({ length: last - first + 1 }, (_, i) => nodesOf(merged, first + i));
  const scale = Math.min(
    ...columns.map((nodes) => {
      const total = nodes.reduce((sum, { value }) => sum + value, 0);
      return (height - GAP * (nodes.length - 1)) / (total || 1);
    }),
  );
  for (const nodes of columns) {
    let y = 0;
    for (const node of nodes) {
      node.y = y;
      node.height = Math.max(THINNEST, node.value * scale);
      y += node.height + GAP;
    }
  }
  return { columns, links: linksOf(merged, columns, first, scale) };
}

type Flow = FlowChart["flows"][number];

function mergedFlows(flows: readonly Flow[]): Flow[] {
  const given = flows.map((flow) => ({ ...flow, value: Math.max(0, drawable(flow.value) ?? 0) }));
  const shown = new Map<number, (name: string) => string>();
  for (const column of new Set(given.flatMap((flow) => [flow.column, flow.column + 1]))) {
    const names = nodesOf(given, column).map(({ name }) => name);
    const kept = new Set(names.slice(0, names.length > MOST ? MOST - 1 : MOST));
    shown.set(column, (name) => (kept.has(name) ? name : `${names.length - kept.size} more`));
  }
  const sums = new Map<string, Flow>();
  for (const { column, from, to, value } of given) {
    const flow = { column, from: shown.get(column)!(from), to: shown.get(column + 1)!(to), value };
    const key = JSON.stringify([column, flow.from, flow.to]);
    sums.set(key, { ...flow, value: value + (sums.get(key)?.value ?? 0) });
  }
  return [...sums.values()];
}

function nodesOf(flows: readonly Flow[], column: number): FlowNode[] {
  const [into, outOf] = [new Map<string, number>(), new Map<string, number>()];
  for (const flow of flows) {
    if (flow.column === column) outOf.set(flow.from, (outOf.get(flow.from) ?? 0) + flow.value);
    if (flow.column + 1 === column) into.set(flow.to, (into.get(flow.to) ?? 0) + flow.value);
  }
  const names = [...new Set([...outOf.keys(), ...into.keys()])];
  return names
    .map((name) => ({
      name,
      column,
      value: Math.max(into.get(name) ?? 0, outOf.get(name) ?? 0),
      y: 0,
      height: 0,
    }))
    .sort((a, b) => b.value - a.value);
}

/** Links leave and reach a node in the order of the nodes at their other ends, so that they cross less. */
function linksOf(
  flows: readonly Flow[],
  columns: readonly (readonly FlowNode[])[],
  first: number,
  scale: number,
): FlowLink[] {
  const node = (column: number, name: string) => columns[column - first]!.find((one) => one.name === name)!;
  const links = flows.map(({ column, from, to, value }): FlowLink => {
    const height = Math.max(THINNEST, value * scale);
    return { from: node(column, from), to: node(column + 1, to), value, height, fromY: 0, toY: 0 };
  });
  const out = new Map<FlowNode, number>();
  for (const link of links.toSorted((a, b) => a.to.y - b.to.y)) {
    link.fromY = link.from.y + (out.get(link.from) ?? 0);
    out.set(link.from, (out.get(link.from) ?? 0) + link.height);
  }
  const into = new Map<FlowNode, number>();
  for (const link of links.toSorted((a, b) => a.from.y - b.from.y)) {
    link.toY = link.to.y + (into.get(link.to) ?? 0);
    into.set(link.to, (into.get(link.to) ?? 0) + link.height);
  }
  return links;
}
