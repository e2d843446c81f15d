import {
  type Emulator,
  type EmulatorOptions,
  parseFault,
  startEmulator,
  writeArchives,
  writeLake,
  writeMembers,
} from "../../index.js";
import { count } from "../figures.js";
import type { CliOptions, Invocation, RunCommand } from "../invocation.js";
import { paintFor } from "../paint.js";
import { rangeText } from "../progress-line.js";

/** Serves a local Export API until the signal comes; that is its normal end. */
export const run: RunCommand = async (invocation) => {
  const { options, stdout, signal } = invocation;
  if (options.writeArchives ?? options.writeMembers ?? options.writeLake) return write(invocation);
  const emulator = await startEmulator(optionsOf(options));
  try {
    if (options.truth) {
      stdout.write(`${JSON.stringify(emulator.truth(), null, 2)}\n`);
      return 0;
    }
    stdout.write(options.json ? `${JSON.stringify(facts(emulator))}\n` : greeting(emulator, invocation));
    await ended(signal);
  } finally {
    await emulator.close();
  }
  return 0;
};

function optionsOf(options: CliOptions): EmulatorOptions {
  const { port, seed, days, users, eventsPerDay, maxBytes, replay, settle, fault, deletions, inactive } =
    options;
  return {
    ...(port === undefined ? {} : { port }),
    ...(seed === undefined ? {} : { seed }),
    ...(days === undefined ? {} : { days }),
    ...(users === undefined ? {} : { users }),
    ...(eventsPerDay === undefined ? {} : { eventsPerDay }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...(replay === undefined ? {} : { replay }),
    ...(deletions === undefined ? {} : { deletions }),
    ...(inactive === undefined ? {} : { inactive }),
    ...(settle === undefined ? {} : { settleHours: settle }),
    faults: (fault ?? []).map((text) => parseFault(text)),
  };
}

/** Writes the events that would be served. */
async function write(invocation: Invocation): Promise<0> {
  const { options, stdout, stderr, signal } = invocation;
  const { faults: _, deletions: __, inactive: ___, ...shop } = optionsOf(options);
  const { writeArchives: archives, writeMembers: members, writeLake: lake } = options;
  const start = performance.now();
  const written =
    lake !== undefined
      ? await writeLake({ ...shop, lake, signal })
      : archives !== undefined
        ? await writeArchives({ ...shop, dir: archives, signal })
        : await writeMembers({ ...shop, dir: members!, signal });
  const seconds = (performance.now() - start) / 1000;
  const folder = lake ?? archives ?? members;
  if (options.json) stdout.write(`${JSON.stringify(written)}\n`);
  else stderr.write(`${count(written.lines)} events written to ${folder} in ${seconds.toFixed(1)} s\n`);
  return 0;
}

function facts(emulator: Emulator) {
  const { url, apiKey, secretKey, projectId } = emulator;
  return { url, apiKey, secretKey, projectId, hours: emulator.hours() ?? null };
}

function greeting(emulator: Emulator, { options, stdout, env }: Invocation): string {
  const paint = paintFor(stdout, env);
  const hours = emulator.hours();
  const what = options.replay
    ? `the files of ${options.replay}`
    : `a made-up shop, about ${count(options.eventsPerDay ?? 20_000)} events a day`;
  const range = hours ? rangeText(hours) : "none yet";
  return `${paint.bold(emulator.url)}  ${what}
  upload hours, UTC  ${range}

In another terminal:
  export AMPLITUDE_API_KEY=${emulator.apiKey} AMPLITUDE_SECRET_KEY=${emulator.secretKey}
  ampframe pull --endpoint ${emulator.url} --lake ./amplitude-emulator

${paint.dim("Ctrl-C ends it.")}
`;
}

function ended(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
