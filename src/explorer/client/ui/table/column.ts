import type { ComponentChildren } from "preact";

/** A column of a table. */
export interface TableColumn<R> {
  readonly id: string;
  readonly title: string;
  /** In pixels, at first; default 160. */
  readonly width?: number | undefined;
  /** Numbers stand at the end. */
  readonly align?: "end" | undefined;
  /** What the head says beside the title: the type. */
  readonly detail?: string | undefined;
  readonly sortable?: boolean | undefined;
  /** What stands in a cell; texts that are too long are cut. */
  cell(row: R, index: number): ComponentChildren;
  /** A menu or button in the head. */
  head?(): ComponentChildren;
}

/** By which column rows are sorted. */
export interface TableSort {
  readonly column: string;
  readonly descending: boolean;
}

/** The width of columns that name none. */
export const COLUMN_WIDTH = 160;
/** The narrowest that a column can be made. */
export const NARROWEST = 48;
