import { UsageError } from "../../errors/index.js";

/**
 * Loads a package that people install only if they want it. Throws UsageError that says how to install `specs`,
 * of which the package itself is the first, if it is not there.
 */
export async function optionalPackage<T>(specs: readonly string[], load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const name = specs[0]?.replace(/(?<=.)@[^@]*$/, "");
    throw new UsageError(
      `The package ${name} is not installed or cannot be loaded.`,
      `Run: npm install ${specs.join(" ")}`,
      { cause },
    );
  }
}
