import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/interop/*.interop.ts"],
    testTimeout: 120_000,
    hookTimeout: 600_000,
    setupFiles: ["./test/setup.ts"],
    reporters: ["default", "./test/closing-line.ts"],
  },
});
