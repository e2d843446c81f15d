import { createRequire } from "node:module";

/** The version of this package, from its package.json. */
export function packageVersion(): string {
  const manifest: { readonly version: string } = createRequire(import.meta.url)("ampframe/package.json");
  return manifest.version;
}
