import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/package/*.package.ts"],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    reporters: ["default", "./test/closing-line.ts"],
  },
});
