/** What can be picked. */
export interface PickOption {
  readonly key: string;
  readonly label: string;
  /** Beside the name: a type. */
  readonly detail?: string | undefined;
  /** At the end: how many events. */
  readonly count?: number | undefined;
  /** Options of the same group stand together below its name. */
  readonly group?: string | undefined;
}

/**
 * The options that have all words of `search` in name, detail or group, any case. A column of that very name comes first, then
 * others of it and names that begin with it; else the order stays.
 */
export function foundOptions(options: readonly PickOption[], search: string): readonly PickOption[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return options;
  const begins = words.join(" ");
  const found = options.flatMap((option) => {
    const text = `${option.label} ${option.detail ?? ""} ${option.group ?? ""}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) return [];
    const label = option.label.toLowerCase();
    return [
      {
        option,
        rank: label === begins ? (option.group === "Columns" ? 0 : 1) : label.startsWith(begins) ? 2 : 3,
      },
    ];
  });
  return found.sort((a, b) => a.rank - b.rank).map(({ option }) => option);
}
