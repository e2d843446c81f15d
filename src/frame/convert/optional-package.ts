import { UsageError } from "../../errors/index.js";

/** Loads a package that people install only if they want it. Throws UsageError that says how, if it is not there. */
export async function optionalPackage<T>(spec: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const name = spec.slice(0, spec.lastIndexOf("@"));
    throw new UsageError(
      `The package ${name} is not installed or cannot be loaded.`,
      `Run: npm install ${spec}`,
      {
        cause,
      },
    );
  }
}
