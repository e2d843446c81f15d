/** Keeps the definitions of cohorts in a lake, as text under names. What it throws are errors of ours. */
export interface CohortStore {
  /** The names, sorted. */
  names(): Promise<readonly string[]>;
  /** The text that was kept under `name`; undefined if there is none. */
  read(name: string): Promise<string | undefined>;
  /** Keeps `text`, on the disk, in the place of what had that name. */
  write(name: string, text: string): Promise<void>;
  /** Deletes what has that name; false if nothing had. */
  remove(name: string): Promise<boolean>;
  /** The version of the events now. */
  version(): Promise<number>;
}
