import { startExplorer } from "../../explorer/index.js";
import { openInBrowser } from "../browser.js";
import type { Invocation, RunCommand } from "../invocation.js";
import { lakeFolder } from "../lake-folder.js";
import { paintFor } from "../paint.js";

/** Serves the explorer of the lake until the signal comes; that is its normal end. */
export const run: RunCommand = async (invocation) => {
  const { options, signal } = invocation;
  const explorer = await startExplorer({ lake: lakeFolder(options, invocation), port: options.port });
  try {
    await greet(explorer.url, invocation);
    await ended(signal);
  } finally {
    await explorer.close();
  }
  return 0;
};

/** Prints the address, and opens it in a browser if one is wanted and there. */
export async function greet(url: string, { options, stdout, env }: Invocation): Promise<void> {
  if (options.json) {
    stdout.write(`${JSON.stringify({ url })}\n`);
    return;
  }
  const paint = paintFor(stdout, env);
  const opened = options.open !== false && (await openInBrowser(url, env));
  const how = opened ? "It was opened in your browser." : "Open it in a browser; the address works once.";
  stdout.write(`${paint.bold(url)}\n${paint.dim(`${how} Ctrl-C ends the explorer.`)}\n`);
}

function ended(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
