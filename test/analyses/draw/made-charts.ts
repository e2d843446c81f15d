import type {
  BarChart,
  Chart,
  FlowChart,
  FunnelChart,
  HeatMap,
  LineChart,
  StackChart,
} from "../../../src/analyses/chart.js";

/** So many days from 2026-11-01 on, the last one incomplete. */
export function days(count: number): LineChart["times"] {
  return Array.from({ length: count }, (_, i) => {
    const start = new Date(Date.UTC(2026, 10, 1 + i));
    return { label: start.toISOString().slice(0, 10), start, incomplete: i === count - 1 };
  });
}

/** A wave that looks like weeks of use. */
export function wave(count: number, base: number, phase = 0): number[] {
  return Array.from({ length: count }, (_, i) =>
    Math.round(base * (1 + 0.3 * Math.sin(((i + phase) * 2 * Math.PI) / 7) + i * 0.012)),
  );
}

export const LINES: LineChart = {
  kind: "lines",
  title: "Active users, daily",
  unit: "count",
  times: days(30),
  series: [
    { name: "Germany", values: wave(30, 4200) },
    { name: "United States", values: wave(30, 2600, 2).map((value, i) => (i === 11 ? null : value)) },
    { name: "Japan", values: wave(30, 1300, 4) },
    { name: "Germany, 30 days before", values: wave(30, 3600, 1), faint: true },
  ],
};

export const ONE_LINE: LineChart = { ...LINES, series: LINES.series.slice(0, 1) };

export const BARS: BarChart = {
  kind: "bars",
  title: "Orders by country",
  unit: "count",
  bars: [
    { name: "Germany", value: 12345 },
    { name: "United States of America", value: 8120 },
    { name: "日本", value: 5310 },
    { name: "France", value: 1200 },
    { name: "Peru", value: 3 },
    { name: "(none)", value: null },
  ],
};

export const STACK: StackChart = {
  kind: "stack",
  title: "Lifecycle, weekly",
  unit: "count",
  times: days(10),
  parts: [
    { name: "current", values: [420, 450, 470, 480, 520, 540, 560, 590, 610, 580] },
    { name: "new", values: [120, 110, 150, 130, 170, 160, 150, 190, 180, 90] },
    { name: "resurrected", values: [40, 60, 50, 70, 40, 80, 70, 60, 90, 30] },
    { name: "dormant", values: [-90, -120, -110, -140, -120, -130, -160, -150, -140, -80] },
  ],
};

export const FUNNEL: FunnelChart = {
  kind: "funnel",
  title: "From view to order",
  steps: ["View Item", "Add to Cart", "Start Checkout", "Place Order"],
  funnels: [{ name: "all", users: [12345, 6100, 2411, 1980] }],
};

export const FUNNELS: FunnelChart = {
  ...FUNNEL,
  funnels: [
    { name: "iOS", users: [6345, 3600, 1511, 1280] },
    { name: "Android", users: [6000, 2500, 900, 700] },
    { name: "Web", users: [9100, 2900, 700, 310] },
  ],
};

export const HEAT: HeatMap = {
  kind: "heat map",
  title: "Retention, daily",
  unit: "percent",
  columns: Array.from({ length: 9 }, (_, i) => `${i}`),
  rows: days(8).map(({ label }, row) => ({
    name: label,
    size: 900 + row * 37,
    cells: Array.from({ length: 9 }, (_, i) => ({
      value: i > 8 - row ? null : i === 0 ? 1 : 0.52 / i ** 0.7 + row * 0.004,
      incomplete: i === 8 - row,
    })),
  })),
};

export const FLOWS: FlowChart = {
  kind: "flows",
  title: "What users do after opening the app",
  flows: [
    { column: 0, from: "Open App", to: "Search", value: 4200 },
    { column: 0, from: "Open App", to: "View Item", value: 3100 },
    { column: 0, from: "Open App", to: "View Cart", value: 700 },
    { column: 0, from: "Open App", to: "(end)", value: 1900 },
    { column: 1, from: "Search", to: "View Item", value: 3000 },
    { column: 1, from: "Search", to: "Search", value: 700 },
    { column: 1, from: "Search", to: "(end)", value: 500 },
    { column: 1, from: "View Item", to: "Add to Cart", value: 1300 },
    { column: 1, from: "View Item", to: "Search", value: 900 },
    { column: 1, from: "View Item", to: "(end)", value: 900 },
    { column: 1, from: "View Cart", to: "Start Checkout", value: 450 },
    { column: 1, from: "View Cart", to: "(end)", value: 250 },
    { column: 2, from: "View Item", to: "Add to Cart", value: 1500 },
    { column: 2, from: "View Item", to: "(end)", value: 1500 },
    { column: 2, from: "Add to Cart", to: "Start Checkout", value: 800 },
    { column: 2, from: "Add to Cart", to: "(end)", value: 500 },
    { column: 2, from: "Search", to: "View Item", value: 1000 },
    { column: 2, from: "Search", to: "(end)", value: 600 },
    { column: 2, from: "Start Checkout", to: "Place Order", value: 450 },
  ],
};

/** One of each kind, by a name for files. */
export const CHARTS: Readonly<Record<string, Chart>> = {
  lines: LINES,
  "one-line": ONE_LINE,
  bars: BARS,
  stack: STACK,
  funnel: FUNNEL,
  funnels: FUNNELS,
  "heat-map": HEAT,
  flows: FLOWS,
};
