// The heavy attacks: `npm run test:faults -- [--only download|kill|disk] [--minutes 10] [--skip 0]
// [--command forget]`: which commands are killed, or meet a full disk; all by default.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    minutes: { type: "string", default: "10" },
    skip: { type: "string", default: "0" },
    command: { type: "string", multiple: true },
  },
});
const print = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);

const PARTS = {
  download: () => {
    const root = join(import.meta.dirname, "../..");
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    const args = [vitest, "run", "--config", "test/faults/vitest.config.ts"];
    return spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" }).status === 0;
  },
  kill: async () => {
    const { killSweep } = await import("./kill-sweep.mjs");
    const [minutes, skip] = [Number(values.minutes), Number(values.skip)];
    return killSweep({ minutes, skip, commands: values.command, print });
  },
  disk: async () => {
    const { diskFull } = await import("./disk-full.mjs");
    return diskFull({ minutes: Number(values.minutes), commands: values.command, print });
  },
};

const chosen = values.only ?? Object.keys(PARTS);
const unknown = chosen.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  print(`There is no part ${unknown}; the parts are ${Object.keys(PARTS).join(", ")}.`);
  process.exit(2);
}
for (const name of chosen) {
  print(`\n${name}`);
  if (!(await PARTS[/** @type {keyof typeof PARTS} */ (name)]())) process.exitCode = 1;
}
