/** What a question of the cookbook is answered with: rows, a frame, a table of Arquero, a DataFrame of polars. */
type Answer = (Iterable<object> | AsyncIterable<object>) & {
  readonly objects?: () => readonly object[];
  readonly toRecords?: () => readonly object[];
};

/** The rows of `answer` as lists of [name, value], with values that JSON has, so that answers can be compared. */
export async function plainRows(answer: Answer): Promise<[string, unknown][][]> {
  return (await rowsOf(answer)).map((row) =>
    Object.entries(row).map(([name, value]) => [name, plain(value)]),
  );
}

async function rowsOf(answer: Answer): Promise<readonly object[]> {
  if (typeof answer.toRecords === "function") return answer.toRecords();
  if (typeof answer.objects === "function") return answer.objects();
  const rows: object[] = [];
  for await (const row of answer) rows.push(row);
  return rows;
}

/** Sums of doubles depend on the order of addition: nine significant digits do not. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number") return Number(value.toPrecision(9));
  return value instanceof Date ? value.toISOString() : value;
}
