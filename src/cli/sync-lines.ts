import type { SyncStatus } from "../index.js";
import { count } from "./figures.js";
import type { Paint } from "./paint.js";
import { printableLine } from "./printable.js";

/** The repeating pull of a lake in one to three lines: who, how it goes, and what to do if it does not. */
export function syncLines(sync: SyncStatus | null, paint: Paint): string[] {
  if (!sync) return [];
  const { every, pid, host, state, process, failures, lastSuccess, lastError, nextRound, updated } = sync;
  const who = printableLine(`every ${every} by process ${pid} on ${host}`);
  const success = lastSuccess ? `last success ${minute(lastSuccess)}` : "no success yet";
  if (state === "ended") return [paint.dim(`sync  ${who} ended at ${minute(updated)}, ${success}`)];
  if (process === "dead") {
    return [
      `sync  ${paint.red("stopped")}: ${who} is gone without ending; ${success}`,
      paint.dim(printableLine(`    start it again: ampframe pull --every ${every}`)),
    ];
  }
  const doing = state === "pulling" ? "pulling now" : `next round ${minute(nextRound ?? updated)}`;
  const line = `${who}, ${doing}, ${success}${process === "unknown" ? ", cannot be seen from here" : ""}`;
  if (failures === 0) return [paint.dim(`sync  ${line}`)];
  return [
    `sync  ${paint.red(`failing, ${count(failures)} in a row`)}: ${line}`,
    ...(lastError
      ? [
          `    ${printableLine(`${minute(lastError.at)} ${lastError.message}`)}`,
          `    ${printableLine(lastError.wayOut)}`,
        ]
      : []),
  ];
}

function minute(iso: string): string {
  return `${iso.slice(0, 16)}Z`;
}
