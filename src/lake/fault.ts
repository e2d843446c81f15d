/** Something that is not as the accounts say. */
export interface Fault {
  /** The file, hour, account, log entry or uuid. */
  readonly what: string;
  readonly found: string;
  readonly expected: string;
}

/** Figures of one unit as a fault, if they differ. */
export function unequal(what: string, found: number, expected: number, unit: string): Fault[] {
  return found === expected ? [] : [{ what, found: `${found} ${unit}`, expected: `${expected} ${unit}` }];
}
