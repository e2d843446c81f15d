import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/notebooks/*.notebooks.ts"],
    testTimeout: 180_000,
    hookTimeout: 600_000,
    fileParallelism: false,
    reporters: ["default", "./test/closing-line.ts"],
  },
});
