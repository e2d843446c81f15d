/** How numbers of a chart are written: `0.42` as `42 %`, seconds as `1 h 5 min`, dollars as `$1,234.50`. */
export type ChartUnit = "count" | "percent" | "seconds" | "number" | "dollars";

/** Values over time, one line a series. */
export interface LineChart {
  readonly kind: "lines";
  readonly title: string;
  readonly unit: ChartUnit;
  /** The intervals, in order: each as it is written (`2026-11-23`), and its beginning. */
  readonly times: readonly { readonly label: string; readonly start: Date; readonly incomplete: boolean }[];
  /** `values` has one for each of `times`. Of a `faint` series (a period to compare with) the line is dashed. */
  readonly series: readonly {
    readonly name: string;
    readonly values: readonly (number | null)[];
    readonly faint?: boolean;
  }[];
}

/** One bar for each name, in the order given. */
export interface BarChart {
  readonly kind: "bars";
  readonly title: string;
  readonly unit: ChartUnit;
  readonly bars: readonly { readonly name: string; readonly value: number | null }[];
}

/** Bars over time whose parts are stacked, those below zero downwards (lifecycle: dormant users). */
export interface StackChart {
  readonly kind: "stack";
  readonly title: string;
  readonly unit: ChartUnit;
  readonly times: LineChart["times"];
  readonly parts: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
}

/** A funnel for each group or segment. */
export interface FunnelChart {
  readonly kind: "funnel";
  readonly title: string;
  readonly steps: readonly string[];
  /** `users` has one number for each step. */
  readonly funnels: readonly { readonly name: string; readonly users: readonly number[] }[];
}

/** A table of cells that are coloured by their value: cohorts by the time since. */
export interface HeatMap {
  readonly kind: "heat map";
  readonly title: string;
  readonly unit: ChartUnit;
  readonly columns: readonly string[];
  readonly rows: readonly {
    readonly name: string;
    readonly size: number;
    readonly cells: readonly { readonly value: number | null; readonly incomplete: boolean }[];
  }[];
}

/** A Sankey diagram: what flows from one column's names to the next one's. Columns are counted from 0. */
export interface FlowChart {
  readonly kind: "flows";
  readonly title: string;
  readonly flows: readonly {
    readonly column: number;
    readonly from: string;
    readonly to: string;
    readonly value: number;
  }[];
}

/** A picture as a value: what it shows, not how. */
export type Chart = LineChart | BarChart | StackChart | FunnelChart | HeatMap | FlowChart;
