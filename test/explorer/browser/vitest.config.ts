import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/explorer/browser/*.browser.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Time enough for an answer on a busy machine.
    expect: { poll: { timeout: 30_000 } },
    // A browser beside the query engine: two of them at once are too much for two cores.
    fileParallelism: false,
    reporters: ["default", "./test/closing-line.ts"],
  },
});
