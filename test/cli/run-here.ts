import { EventEmitter } from "node:events";
import { Readable, Writable } from "node:stream";
import { run } from "../../src/cli/run.js";
import { emptyFolder, type Ran, type RunOptions } from "./run.js";

/**
 * Runs `ampframe ...args` in this process, which saves its start; otherwise as `ampframe` does. One at a time: meanwhile
 * the process is in the command's folder.
 */
export async function ampframeHere(
  args: readonly string[],
  { cwd = emptyFolder(), env = {}, input = "" }: Pick<RunOptions, "cwd" | "env" | "input"> = {},
): Promise<Ran> {
  const texts = { stdout: "", stderr: "" };
  const into = (name: keyof typeof texts) =>
    new Writable({
      decodeStrings: false,
      write(text, _encoding, done) {
        texts[name] += text;
        done();
      },
    });
  const { PATH = "", TZ } = process.env;
  const host = Object.assign(new EventEmitter(), {
    ...{
      stdin: Readable.from(input ? [Buffer.from(input)] : []),
      stdout: into("stdout"),
      stderr: into("stderr"),
    },
    env: { PATH, HOME: emptyFolder(), ...(TZ === undefined ? {} : { TZ }), ...env },
    exit: (status: number) => {
      throw new Error(`the command wanted to end the process with ${status}`);
    },
  });
  const before = process.cwd();
  process.chdir(cwd);
  try {
    const status = await run(args, host as unknown as NodeJS.Process);
    return { status, ...texts };
  } finally {
    process.chdir(before);
  }
}
