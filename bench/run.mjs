// The benchmark: ampframe against what people use today and against the floor. See README.md beside this file.
import { writeFile } from "node:fs/promises";
import { prepareInputs } from "./inputs.mjs";
import { describeMachine, machineText, memoryBytes } from "./machine.mjs";
import { readOptions } from "./options.mjs";
import { comparePull } from "./pull.mjs";
import { preparePython } from "./python.mjs";
import { runRounds } from "./rounds.mjs";
import { SIDES } from "./sides.mjs";
import { SIZES } from "./sizes.mjs";
import { helpSeconds, productionBytes } from "./start-and-size.mjs";
import { pullTable, sizeTable, targetTable } from "./tables.mjs";
import { isReached, targetsOf } from "./targets.mjs";

const MEMORY_SHARE = 0.8;
const QUIET_LOAD = 0.5;

const args = process.argv.slice(2);
const options = readOptions(args);

try {
  await main();
} catch (error) {
  console.error(`\nThe benchmark failed. ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

async function main() {
  const python = await preparePython();
  const machine = await describeMachine(python);
  if (machine.loadAverage > QUIET_LOAD) {
    console.error(
      `Other work runs here (load average ${machine.loadAverage.toFixed(2)}): figures will be noisy.`,
    );
  }
  const limits = {
    seconds: options.timeLimit,
    bytes: options.memoryLimit ? options.memoryLimit * 1e9 : Math.floor(memoryBytes() * MEMORY_SHARE),
  };
  const inputs = new Map();
  for (const size of options.sizes) {
    console.error(`Preparing ${size} …`);
    inputs.set(size, await prepareInputs(size, python));
  }

  const sides = SIDES.filter(({ id }) => options.only.includes(id));
  const sizes = new Map();
  for (const [size, own] of inputs) {
    const runs = options.runs ?? /** @type {import("./sizes.mjs").Size} */ (SIZES[size]).runs;
    const results = await runRounds(sides, { inputs: own, python, runs, limits });
    sizes.set(size, { inputs: own, results });
    console.log(`${sizeTable(own, results)}\n`);
  }

  const pulled = inputs.get("middle") ?? [...inputs.values()][0];
  const pull =
    options.pulls > 0 && options.only.includes("ampframe")
      ? await comparePull({ inputs: pulled, python, rounds: options.pulls, limits })
      : undefined;
  if (pull) console.log(`${pullTable(pulled.size, pull)}\n`);

  const figures = {
    sizes,
    pull,
    helpSeconds: await helpSeconds({ python, limits }),
    productionBytes: productionBytes(),
  };
  const targets = targetsOf(figures).map((target) => ({ ...target, reached: isReached(target) ?? null }));
  const command = ["npm run bench", ...(args.length > 0 ? ["--", ...args] : [])].join(" ");
  console.log(`${targetTable(targets)}\n`);
  console.log(machineText(machine, command));
  if (options.json !== undefined) {
    const plain = [...sizes].map(([size, { inputs: own, results }]) => {
      const { archives, members, fields, ...facts } = own;
      return [size, { inputs: facts, sides: Object.fromEntries(results) }];
    });
    const all = { machine, command, limits, sizes: Object.fromEntries(plain), pull, targets };
    await writeFile(options.json, `${JSON.stringify(all, null, 2)}\n`);
  }
}
