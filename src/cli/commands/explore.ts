import { type Pull, startExplorer } from "../../explorer/index.js";
import { CredentialsError, pull } from "../../index.js";
import { openInBrowser } from "../browser.js";
import { type FoundCredentials, findCredentials } from "../credentials.js";
import type { Invocation, RunCommand } from "../invocation.js";
import { lakeFolder } from "../lake-folder.js";
import { paintFor } from "../paint.js";
import { pullOptionsOf } from "../pull-options.js";

/** Serves the explorer of the lake until the signal comes; that is its normal end. */
export const run: RunCommand = async (invocation) => {
  const { options } = invocation;
  const lake = lakeFolder(options, invocation);
  await explore({ lake, port: options.port, pull: pullOf(invocation) }, invocation);
  return 0;
};

/** Starts an explorer, tells its address, and waits for the signal. */
export async function explore(
  options: Parameters<typeof startExplorer>[0],
  invocation: Invocation,
): Promise<void> {
  const explorer = await startExplorer(options);
  try {
    await greet(explorer.url, invocation);
    await ended(invocation.signal);
  } finally {
    await explorer.close();
  }
}

/** Prints the address, and opens it in a browser if one is wanted and there. */
async function greet(url: string, { options, stdout, env }: Invocation): Promise<void> {
  if (options.json) {
    stdout.write(`${JSON.stringify({ url })}\n`);
    return;
  }
  const paint = paintFor(stdout, env);
  const opened = options.open !== false && (await openInBrowser(url, env));
  const how = opened ? "It was opened in your browser." : "Open it in a browser; the address works once.";
  stdout.write(`${paint.bold(url)}\n${paint.dim(`${how} Ctrl-C ends the explorer.`)}\n`);
}

/** What the page's button does; undefined if no keys are found. */
function pullOf(invocation: Invocation): Pull | undefined {
  const found = keysOf(invocation);
  if (found === undefined) return undefined;
  const options = pullOptionsOf(invocation, found);
  return ({ signal, onProgress }) => pull({ ...options, signal, onProgress });
}

/** The keys as `pull` finds them. Throws only if the command line says where they are, and they are not there. */
function keysOf(invocation: Invocation): FoundCredentials | undefined {
  const { envFile, profile } = invocation.options;
  try {
    return findCredentials(invocation.options, invocation);
  } catch (error) {
    if (error instanceof CredentialsError && envFile === undefined && profile === undefined) return undefined;
    throw error;
  }
}

function ended(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
