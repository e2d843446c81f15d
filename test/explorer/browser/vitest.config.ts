import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/explorer/browser/*.browser.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Time enough for an answer on a busy machine.
    expect: { poll: { timeout: 30_000 } },
    // A browser each, beside a query engine: more than two take longer on two cores.
    maxWorkers: 2,
    reporters: ["default", "./test/closing-line.ts"],
  },
});
