import type { Account, MemberAccount } from "./account.js";

/** The parts of an account in which its figures stand. */
export type Figures = Pick<
  Account,
  "operation" | "inputs" | "hours" | "files" | "quarantine" | "forgottenLines"
>;

/** Operations whose every event comes from their own inputs. */
const BRINGS_ALL = new Set<Account["operation"]>(["pull", "load", "refresh", "retry"]);

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, n) => total + n, 0);

/**
 * The identities that do not hold within an account, each as a sentence; none if it is proven in itself.
 * Whether the figures are those of the bytes is for whoever counts the bytes.
 */
export function brokenIdentities(figures: Figures): string[] {
  const members = figures.inputs.flatMap((input) => input.members);
  const broken = [
    ...members.flatMap(brokenMember),
    ...figures.hours.flatMap(({ hour, loaded, duplicates, forgotten = 0, rows }) =>
      unless(
        rows === loaded - duplicates - forgotten,
        `Hour ${hour}: ${rows} rows, but ${loaded} loaded − ${duplicates} duplicates − ${forgotten} forgotten.`,
      ),
    ),
    ...figures.files.flatMap(({ path, rows, hours }) =>
      unless(
        rows === sum(Object.values(hours)),
        `File ${path}: ${rows} rows, but ${sum(Object.values(hours))} over its hours.`,
      ),
    ),
  ];
  const quarantined = sum(members.map((member) => member.quarantined));
  const kept = figures.quarantine?.lines ?? 0;
  const { forgottenLines = 0 } = figures;
  const rest = forgottenLines > 0 ? ` and ${forgottenLines} forgotten` : "";
  broken.push(
    ...unless(
      quarantined === kept + forgottenLines,
      `${quarantined} lines quarantined, but ${kept} in the quarantine file${rest}.`,
    ),
  );
  if (figures.operation !== "compact" && figures.operation !== "forget") broken.push(...brokenHours(figures));
  return broken;
}

function brokenMember({ name, lines, loaded, quarantined, blank }: MemberAccount): string[] {
  return unless(
    lines === loaded + quarantined + blank,
    `Member ${name}: ${lines} lines, but ${loaded} loaded + ${quarantined} quarantined + ${blank} blank.`,
  );
}

/** For commits that bring rows: each hour's rows are those of the files, and all events are in some hour. */
function brokenHours(figures: Figures): string[] {
  const inFiles = new Map<string, number>();
  for (const file of figures.files) {
    for (const [hour, rows] of Object.entries(file.hours)) {
      inFiles.set(hour, (inFiles.get(hour) ?? 0) + rows);
    }
  }
  const stated = new Map<string, number>(figures.hours.map(({ hour, rows }) => [hour, rows]));
  const hours = new Set([...inFiles.keys(), ...stated.keys()]);
  const broken = [...hours].flatMap((hour) =>
    unless(
      (inFiles.get(hour) ?? 0) === (stated.get(hour) ?? 0),
      `Hour ${hour}: ${stated.get(hour) ?? 0} rows stated, but ${inFiles.get(hour) ?? 0} in the files.`,
    ),
  );
  if (BRINGS_ALL.has(figures.operation)) {
    const events = sum(figures.inputs.flatMap((input) => input.members.map((member) => member.loaded)));
    const loaded = sum(figures.hours.map((hour) => hour.loaded));
    broken.push(
      ...unless(events === loaded, `${events} events in the members, but ${loaded} over the hours.`),
    );
  }
  return broken;
}

function unless(holds: boolean, sentence: string): string[] {
  return holds ? [] : [sentence];
}
