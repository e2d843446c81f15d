import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/scale/**/*.scale.ts"],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    fileParallelism: false,
    setupFiles: ["./test/setup.ts"],
    reporters: ["default", "./test/closing-line.ts"],
  },
});
