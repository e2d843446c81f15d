import type { CliOptions, Surroundings } from "./invocation.js";

/** The folder of the lake where neither `--lake` nor AMPFRAME_LAKE names one. */
export const DEFAULT_LAKE = "./amplitude";

/** The folder of the lake: `--lake`, else AMPFRAME_LAKE, else `./amplitude`. */
export function lakeFolder({ lake }: Pick<CliOptions, "lake">, { env }: Pick<Surroundings, "env">): string {
  return lake ?? (env.AMPFRAME_LAKE || DEFAULT_LAKE);
}

/** The option that makes a suggested command use `lake`: empty where that is the default. */
export function lakeOption(lake: string, { env }: Pick<Surroundings, "env">): string {
  return lake === (env.AMPFRAME_LAKE || DEFAULT_LAKE) ? "" : ` --lake ${shellWord(lake)}`;
}

function shellWord(text: string): string {
  return /^[\w./@%+=:,~-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
