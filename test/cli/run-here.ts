import { EventEmitter } from "node:events";
import { Readable, Writable } from "node:stream";
import { run } from "../../src/cli/run.js";
import type { Ran } from "./run.js";

/** Runs `ampframe ...args` in this process, which saves its start. Paths are to be absolute. */
export async function ampframeHere(args: readonly string[]): Promise<Ran> {
  const texts = { stdout: "", stderr: "" };
  const into = (name: keyof typeof texts) =>
    new Writable({
      decodeStrings: false,
      write(text, _encoding, done) {
        texts[name] += text;
        done();
      },
    });
  const host = Object.assign(new EventEmitter(), {
    ...{ stdin: Readable.from([]), stdout: into("stdout"), stderr: into("stderr"), env: {} },
    exit: (status: number) => {
      throw new Error(`the command wanted to end the process with ${status}`);
    },
  });
  const status = await run(args, host as unknown as NodeJS.Process);
  return { status, ...texts };
}
