import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "rolldown";
import { CACHE, ROOT } from "./paths.mjs";

/** Java's own choice; the tests' clusters are told to compile less, which makes short questions faster and long ones slower. */
const JAVA = "-XX:+TieredCompilation";
const WORKERS = ["one worker", "two workers"];

/**
 * The clusters to measure, one after the other: those that are given as `NAME=sc://HOST:PORT`, or, if none is, one of one worker
 * and one of two, which are started as `npm run test:scale` starts them and ended when the next is asked for.
 *
 * @param {readonly string[]} given
 * @returns {AsyncGenerator<{ readonly name: string, readonly server: string }>}
 */
export async function* sparkClusters(given) {
  for (const each of given) {
    const at = each.indexOf("=sc://");
    yield at < 0 ? { name: each, server: each } : { name: each.slice(0, at), server: each.slice(at + 1) };
  }
  if (given.length > 0) return;
  const startSpark = await testCluster();
  for (const [index, name] of WORKERS.entries()) {
    const cluster = await startSpark(index + 1, { java: JAVA });
    // Its processes are groups of their own, which Ctrl-C does not reach.
    const interrupted = () => cluster.stop().finally(() => process.exit(130));
    process.once("SIGINT", interrupted);
    try {
      yield { name, server: cluster.server };
    } finally {
      process.off("SIGINT", interrupted);
      await cluster.stop();
    }
  }
}

/** @returns {Promise<(workers: number, settings: { readonly java: string }) => Promise<{ readonly server: string, stop(): Promise<void> }>>} */
async function testCluster() {
  // As deep below the project's folder as its source, since it finds `.cache` from where it lies.
  const file = join(CACHE, "spark", "cluster.mjs");
  const input = join(ROOT, "test", "scale", "spark", "cluster.ts");
  await build({ input, platform: "node", output: { file, format: "esm" } });
  return (await import(pathToFileURL(file).href)).startSpark;
}
