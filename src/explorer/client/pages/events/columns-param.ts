/** A column of the table: a column of the events, or a property, and its width if it was changed. */
export interface ShownColumn {
  readonly name: string;
  readonly width?: number | undefined;
}

const ENTRY = /((?:[^\\,~]|\\.)+)(?:~(\d{1,4}))?(?:,|$)/gsy;

/** Reads what `columnsText` writes; undefined if it is nothing of that. */
export function columnsOf(text: string): ShownColumn[] | undefined {
  const found = [...text.matchAll(ENTRY)].map(([, name = "", width]) => ({
    name: name.replace(/\\(.)/gs, "$1"),
    ...(width !== undefined && { width: Number(width) }),
  }));
  const unique = new Map(found.map((column) => [column.name, column]));
  return unique.size > 0 ? [...unique.values()] : undefined;
}

/** Columns as the URL has them: names between commas, each with its width behind a tilde. */
export function columnsText(columns: readonly ShownColumn[]): string {
  return columns
    .map(({ name, width }) => {
      const escaped = name.replace(/[\\,~]/g, "\\$&");
      return width === undefined ? escaped : `${escaped}~${width}`;
    })
    .join(",");
}
