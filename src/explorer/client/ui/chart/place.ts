import type { Chart } from "../../../../index.js";
import { cut, shown } from "../text.js";

/** What was clicked in a chart. */
export interface ChartPlace {
  /** A series, part, bar, group, row or node by its name. */
  readonly name: string;
  /** Which of `times`, `steps` or `columns`, from 0. */
  readonly index?: number | undefined;
  /** Of a flow: the name in the next column. */
  readonly to?: string | undefined;
}

/** What every chart gets. */
export interface ChartProps<C> {
  readonly chart: C;
  /** In pixels, of what has no height of its own. */
  readonly height?: number | undefined;
  readonly onPick?: ((place: ChartPlace) => void) | undefined;
}

const LONGEST_TITLE = 160;

/** A chart's title as text that can be shown. */
export function titleOf({ title }: Chart): string {
  return cut(shown(title), LONGEST_TITLE);
}
