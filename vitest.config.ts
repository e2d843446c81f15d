import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Vitest leaves one core idle by default, half of a machine with two.
    maxWorkers: availableParallelism(),
    // Decoders and filters of uuids lie outside the heap, and would have V8 collect all of a small heap at every other pull.
    execArgv: ["--initial-heap-size=256"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ["default", "./test/closing-line.ts"],
  },
});
