import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { HiddenInput } from "../../src/cli/hidden-input.js";
import { emptyFolder } from "./run.js";

const MAIN = join(import.meta.dirname, "../../dist/main.js");

function prompting() {
  const stdin = new PassThrough();
  const raw: boolean[] = [];
  const seen: string[] = [];
  const stderr = { write: (text: string | Uint8Array) => seen.push(String(text)) > 0 };
  const cancel = new AbortController();
  const prompt = new HiddenInput({
    stdin: Object.assign(stdin, { isTTY: true, setRawMode: (mode: boolean) => raw.push(mode) }),
    ...{ stderr, signal: cancel.signal },
  });
  return { prompt, stdin, raw, cancel, seen: () => seen.join("") };
}

test("a hidden line shows nothing, a shown one what is typed; both may come at once, or byte by byte", async () => {
  const { prompt, stdin, raw, seen } = prompting();
  stdin.write("api-key\r\nsec");
  expect(await prompt.ask("A: ", { hidden: false })).toBe("api-key");
  for (const byte of "ret\u001b[D\u007f\u0001t!\u0015 again \n") stdin.write(byte);
  expect(await prompt.ask("S: ", { hidden: true })).toBe("again");
  expect(seen()).toBe("A: api-key\nS: \n");
  expect(raw).toEqual([true, false, true, false]);
  await prompt.close();
});

test.each(["\u0003", "\u0004", "abc\u0003"])(
  "Ctrl-C and Ctrl-D (%j) end it, with the terminal as it was",
  async (typed) => {
    const { prompt, stdin, raw } = prompting();
    stdin.write(typed);
    await expect(prompt.ask("S: ", { hidden: true })).rejects.toThrow("Nothing was stored.");
    expect(raw).toEqual([true, false]);
  },
);

test("so do the end of the input, a signal, and a line that no key is", async () => {
  const ended = prompting();
  ended.stdin.end("abc");
  await expect(ended.prompt.ask("S: ", { hidden: true })).rejects.toThrow("Nothing was stored.");
  const cancelled = prompting();
  const asking = cancelled.prompt.ask("S: ", { hidden: true });
  cancelled.cancel.abort();
  await expect(asking).rejects.toThrow("Nothing was stored.");
  const long = prompting();
  long.stdin.write("x".repeat(5000));
  await expect(long.prompt.ask("S: ", { hidden: true })).rejects.toThrow(/More than 4096 characters/);
});

const hasScript = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;

test.skipIf(!hasScript)(
  "at a real terminal the secret key is never shown, and is stored",
  { timeout: 60_000 },
  async () => {
    const home = emptyFolder();
    const child = spawn("script", ["-qec", `'${process.execPath}' '${MAIN}' login --no-check`, "/dev/null"], {
      cwd: home,
      env: { PATH: process.env.PATH ?? "", HOME: home, TERM: "xterm" },
    });
    let seen = "";
    const answers = [
      ["API key: ", "canary-api-77\r"],
      ["Secret key (not shown): ", "canary-secret-88\r"],
    ];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      seen += text;
      if (answers[0] && seen.endsWith(answers[0][0]!)) child.stdin.write(answers.shift()![1]!);
      if (seen.includes("Keys stored")) child.stdin.end();
    });
    const status = await new Promise((resolve) => child.on("close", resolve));
    expect(seen).toContain("API key: canary-api-77\r\nSecret key (not shown): \r\n");
    expect(seen).not.toContain("canary-secret");
    expect(seen).toContain("Keys stored in");
    expect(status).toBe(0);
    expect(readFileSync(join(home, ".config/ampframe/default.env"), "utf8")).toContain("canary-secret-88");
  },
);
