import { afterAll, expect, test } from "vitest";
import { DOWNLOAD_FAULTS, type DownloadFault } from "./download-faults.js";
import { expectExpected } from "./expected-outcome.js";
import { ATTEMPTS, type Outcome, tryDownload } from "./try-download.js";

const TIMES = [1, ATTEMPTS - 1, Number.POSITIVE_INFINITY];
const rows: string[][] = [["fault", "place", "times", "requests", "said", "in the lake", "completed by"]];
const cases = DOWNLOAD_FAULTS.flatMap((fault) => TIMES.map((times) => ({ fault, times })));

afterAll(() => {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd(),
  );
  process.stdout.write(`\n${lines.join("\n")}\n\n${rows.length - 1} of ${cases.length} survived\n`);
});

test.each(
  cases.map((each) => ({ ...each, name: `${each.fault.name}, ${each.fault.place}, ${each.times} times` })),
)("$name", async ({ fault, times }) => {
  const outcome = await tryDownload(fault, times);
  expectExpected(fault, times, outcome);
  rows.push(rowOf(fault, times, outcome));
});

function rowOf(
  { name, place }: DownloadFault,
  times: number,
  { requests, said, held, completedBy }: Outcome,
) {
  expect(name).not.toBe("");
  return [name, place, Number.isFinite(times) ? `${times}` : "ever", `${requests}`, said, held, completedBy];
}
