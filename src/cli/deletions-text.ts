import type { DeletionsSummary, ForgetPlan } from "../index.js";
import { count, counted } from "./figures.js";
import type { Paint } from "./paint.js";
import { printableLine } from "./printable.js";

/** What Amplitude's deletion jobs say, in lines; none if it was not asked. */
export function deletionsText(summary: DeletionsSummary | null, paint: Paint): string[] {
  if (!summary) return [];
  const { from, to, jobs, ids, known, waiting } = summary;
  const byStatus = new Map<string, number>();
  for (const { status } of jobs) byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
  const statuses = [...byStatus]
    .map(([status, jobs]) => `${count(jobs)} ${printableStatus(status)}`)
    .join(", ");
  return [
    `Amplitude's deletion jobs of ${from} to ${to}: ${statuses || "none"}`,
    ...(ids > 0
      ? [
          `  ${counted(ids, "user")} in jobs that are done or submitted; ${count(known)} forgotten here before`,
        ]
      : []),
    ...(waiting > 0
      ? [paint.dim(`  ${counted(waiting, "user")} in other jobs, left alone until these are submitted`)]
      : []),
  ];
}

/** True if Amplitude was asked and there is nobody to note and nothing to remove. */
export function isNothingToDo(
  found: Pick<
    ForgetPlan,
    | "ids"
    | "fromAmplitude"
    | "rows"
    | "files"
    | "replaced"
    | "archives"
    | "quarantine"
    | "cohorts"
    | "refused"
  >,
): boolean {
  const { ids, fromAmplitude } = found;
  if (!fromAmplitude || ids !== fromAmplitude.known) return false;
  return [
    ...[found.files, found.replaced, found.archives, found.quarantine, found.cohorts, found.refused],
  ].every((of) => of.length === 0);
}

/** A status is the server's word: only its beginning, without what could move a terminal's cursor. */
function printableStatus(status: string): string {
  return printableLine(status.slice(0, 30));
}
