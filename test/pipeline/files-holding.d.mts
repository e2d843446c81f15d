/** The engine is ours, from `src/` or as it is built. */
export function filesHolding(
  engine: { query(sql: string): Promise<{ rows(): readonly unknown[][] }> },
  lake: string,
  texts: readonly string[],
): Promise<string[]>;
