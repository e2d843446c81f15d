import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const NOTEBOOKS = join(import.meta.dirname, "../../examples/notebooks");

/** A cell of a notebook's file. */
export interface Cell {
  readonly cell_type: string;
  readonly source: readonly string[];
  readonly outputs?: readonly { readonly output_type: string }[];
}

/** File names of the example notebooks. */
export const notebooks: readonly string[] = readdirSync(NOTEBOOKS).filter((name) => name.endsWith(".ipynb"));

/** A notebook's file as text. */
export function notebookText(name: string): string {
  return readFileSync(join(NOTEBOOKS, name), "utf8");
}

/** A notebook's cells, in order. */
export function cellsOf(name: string): readonly Cell[] {
  return JSON.parse(notebookText(name)).cells;
}

/** A notebook's code cells as one module. */
export function notebookProgram(name: string): string {
  return cellsOf(name)
    .filter(({ cell_type }) => cell_type === "code")
    .map(({ source }) => source.join(""))
    .join(";\n");
}
