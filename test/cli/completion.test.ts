import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { completionScript } from "../../src/cli/completion.js";
import { COMMANDS } from "../../src/cli/tree/index.js";

const HAS_BASH = spawnSync("bash", ["-c", "type complete compgen"]).status === 0;

/** What bash would offer after `words`, of which the last is being typed. */
function offered(words: readonly string[]): string[] {
  const script = `${completionScript("bash")}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}
_ampframe; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const ran = spawnSync("bash", ["--norc", "-c", script], { encoding: "utf8", cwd: import.meta.dirname });
  expect(ran.stderr).toBe("");
  return ran.stdout.split("\n").filter(Boolean);
}

test.skipIf(!HAS_BASH)("bash completes commands, options, choices and files", () => {
  expect(offered(["ampframe", ""])).toEqual([...COMMANDS.map(({ name }) => name), "--help", "--version"]);
  expect(offered(["ampframe", "pu"])).toEqual(["pull"]);
  expect(offered(["ampframe", "pull", "--e"])).toEqual(["--every", "--env-file", "--endpoint"]);
  expect(offered(["ampframe", "pull", "--region", ""])).toEqual(["us", "eu"]);
  expect(offered(["ampframe", "sql", "-o", "run."])).toEqual(["run.ts"]);
  expect(offered(["ampframe", "completion", "f"])).toEqual(["fish"]);
  expect(offered(["ampframe", "pull", "--last", ""])).toEqual([]);
});

test.each(["bash", "zsh", "fish"] as const)("the script of %s names every command and option", (shell) => {
  const script = completionScript(shell);
  for (const { name, options } of COMMANDS) {
    expect(script).toContain(name);
    for (const { flags } of options) {
      const long = /--[\w-]+/.exec(flags)?.[0] ?? "";
      expect(script).toContain(shell === "fish" ? `-l ${long.slice(2)}` : long);
    }
  }
});
