import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/explorer/browser/*.browser.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Time enough for an answer on a busy machine.
    expect: { poll: { timeout: 30_000 } },
    // Each has a browser and a query engine: two at a time took 142 s on two cores, one at a time 192.
    maxWorkers: 2,
    reporters: ["default", "./test/closing-line.ts"],
  },
});
