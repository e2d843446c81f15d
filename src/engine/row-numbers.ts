/** The numbers of rows, from 0, by their file. */
export function rowNumbers(
  rows: readonly { readonly file: string; readonly row: number }[],
): Map<string, number[]> {
  const byFile = new Map<string, number[]>();
  for (const { file, row } of rows) {
    const own = byFile.get(file);
    if (own) own.push(row);
    else byFile.set(file, [row]);
  }
  return byFile;
}
