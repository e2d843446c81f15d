// Runs the built command as a process of its own, with keys that must never be seen again.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verify } from "../../dist/index.js";

export const MAIN = join(import.meta.dirname, "../../dist/main.js");
export const API_KEY = "canary+7f3a/91c2=api";
export const SECRET_KEY = "canary%0b8d&44e1?secret";
const FORMS = [API_KEY, SECRET_KEY, `${API_KEY}:${SECRET_KEY}`].flatMap((key) => [
  key,
  encodeURIComponent(key),
  Buffer.from(key).toString("base64").replace(/=+$/, ""),
  Buffer.from(key).toString("base64url"),
  Buffer.from(key).toString("hex"),
]);
const ENV = {
  ...{ PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", TZ: "UTC" },
  ...{ AMPLITUDE_API_KEY: API_KEY, AMPLITUDE_SECRET_KEY: SECRET_KEY },
};
/** No command of these tests takes so long by a tenth. */
const LIMIT_MS = 60_000;

/**
 * Runs `file ...args`; `hung` if it had to be ended. Throws if a key stands in what it printed.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env]
 * @param {(kill: () => void) => void} [onStart] is given what ends it with all its children
 * @returns {Promise<{status: number | null, signal: string | null, hung: boolean, stdout: string, stderr: string}>}
 */
export async function run(file, args, env = {}, onStart) {
  const child = spawn(file, args, {
    env: { ...ENV, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const texts = { stdout: "", stderr: "" };
  for (const name of /** @type {const} */ (["stdout", "stderr"])) {
    child[name].setEncoding("utf8").on("data", (text) => {
      texts[name] += text;
    });
  }
  let hung = false;
  const kill = () => {
    if (child.pid && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, "SIGKILL");
  };
  const timer = setTimeout(() => {
    hung = true;
    kill();
  }, LIMIT_MS);
  onStart?.(kill);
  const [status, signal] = await new Promise((resolve, reject) => {
    child.on("error", reject).on("close", (...end) => resolve(end));
  });
  clearTimeout(timer);
  expectSilent(`${texts.stdout}${texts.stderr}`, args.join(" "));
  return { status, signal, hung, ...texts };
}

/** @param {readonly string[]} args @param {Record<string, string>} [env] */
export const ampframe = (args, env) => run(process.execPath, [MAIN, ...args], env);

/** Runs a command that must end well; gives what it printed. @param {readonly string[]} args */
export async function must(args) {
  const ran = await ampframe(args);
  if (ran.status !== 0)
    throw new Error(`${args.join(" ")} ended with ${ran.status}: ${ran.stderr}${ran.stdout}`);
  return ran.stdout;
}

/** What a lake holds: the fingerprint of its uuids, after verify has found no fault in it. @param {string} lake */
export async function proven(lake) {
  const { deep } = await expectSound(lake, true);
  return `${deep?.rows} ${deep?.distinct} ${deep?.fingerprint}`;
}

/** Throws if verify finds a fault. @param {string} lake */
export async function expectSound(lake, deep = false) {
  const report = await verify({ lake, deep });
  const { faults } = report;
  if (faults.length > 0) throw new Error(`${faults.length} faults, ${JSON.stringify(faults.slice(0, 3))}`);
  return report;
}

/** A pull from the emulator at `url`, with all that it can tell of itself, in a log file beside the lake too. @param {string} url @param {string} lake @param {readonly string[]} more */
export const pulling = (url, lake, ...more) => [
  "pull",
  "--lake",
  lake,
  "--endpoint",
  url,
  "--json",
  "--debug",
  "--log-file",
  `${lake}.log`,
  ...more,
];

/** How many requests a log file tells of. Throws if a key stands in it. @param {string} path */
export function requestsIn(path) {
  const text = existsSync(path) ? readFileSync(path, "latin1") : "";
  expectSilent(text, path);
  return text.split('"event":"request"').length - 1;
}

/** Throws if a key stands in any file of `folder`, or in a name. @param {string} folder */
export function expectNoKeyIn(folder) {
  for (const { parentPath, name } of readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (file) => file.isFile(),
  )) {
    const path = join(parentPath, name);
    expectSilent(`${path}\n${readFileSync(path, "latin1")}`, path);
  }
}

/** @param {string} text @param {string} where */
function expectSilent(text, where) {
  const form = FORMS.find((form) => text.includes(form));
  if (form !== undefined) throw new Error(`A key stands, as ${form}, in ${where}`);
}

/**
 * Those of `all` that are named by `chosen`, or all. Throws if there is none of such a name.
 * @template Work
 * @param {readonly Work[]} all
 * @param {readonly string[] | undefined} chosen
 * @param {(work: Work) => string} nameOf
 * @returns {readonly Work[]}
 */
export function chosenOf(all, chosen, nameOf) {
  const names = [...new Set(all.map(nameOf))];
  const unknown = chosen?.filter((name) => !names.includes(name)) ?? [];
  if (unknown.length > 0)
    throw new Error(`There is no command ${unknown}; the commands are ${names.join(", ")}.`);
  return all.filter((work) => chosen?.includes(nameOf(work)) ?? true);
}

/** An empty folder that goes when the process ends. @param {string} [place] */
export function newFolder(place = tmpdir()) {
  const folder = mkdtempSync(join(place, "ampframe-faults-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Whether `file ...args` runs and ends well. @param {string} file @param {readonly string[]} args */
export function works(file, args) {
  try {
    execFileSync(file, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
