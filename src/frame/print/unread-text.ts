/** Letters of a query that are printed: the table that is joined stands in it as text, which may be long. */
const MOST_SQL = 4000;

/** What console.log prints of a frame that has read nothing. `columns` is their number; undefined, and no SQL, if not known. */
export function unreadText(name: string, columns: number | undefined, sql: string): string {
  const what = columns === undefined ? "" : ` of ${columns} columns`;
  const shown = sql.length > MOST_SQL ? `${sql.slice(0, MOST_SQL)}…` : sql;
  const way = "To look at it: await its show(), head() or preview().";
  return `${name}${what}, no rows read yet. ${way}${shown === "" ? "" : `\n${shown}`}`;
}
