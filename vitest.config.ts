import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Files that put something in a module's place, set variables that others read, or look at what a process leaves. */
const APART = [
  "test/decode/file-writing.test.ts",
  "test/export-api/proxy.test.ts",
  "test/lake/store/*.test.ts",
  "test/pipeline/compact-proof.test.ts",
  "test/pipeline/load-from-bucket.test.ts",
  "test/pipeline/memory-limit.test.ts",
];

export default defineConfig({
  test: {
    // Vitest leaves one core idle by default, half of a machine with two.
    maxWorkers: availableParallelism(),
    // Decoders and filters of uuids lie outside the heap, and would have V8 collect all of a small heap at every other pull.
    execArgv: ["--initial-heap-size=256"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A second, Vitest's own, is less than what is waited for takes on a machine that is busy.
    expect: { poll: { timeout: 30_000 } },
    setupFiles: ["./test/setup.ts"],
    reporters: ["default", "./test/closing-line.ts"],
    projects: [
      // Loading ampframe and its engine anew for each of two hundred files took a tenth of the run.
      {
        extends: true,
        test: { name: "together", include: ["test/**/*.test.ts"], exclude: APART, isolate: false },
      },
      { extends: true, test: { name: "apart", include: APART } },
    ],
  },
});
