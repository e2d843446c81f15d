import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the project. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Where inputs are kept from run to run, and outputs while a side runs. */
export const CACHE = join(ROOT, ".cache", "bench");

/** The command line of ampframe, as built. */
export const CLI = join(ROOT, "dist", "main.js");

/**
 * @param {string} name of a file in bench/
 */
export const benchFile = (name) => join(ROOT, "bench", name);
