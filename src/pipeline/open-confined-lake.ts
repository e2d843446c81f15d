import { openConfinedEngine } from "../engine/confined/open-confined.js";
import { lakeSelect } from "../engine/lake-view.js";
import { ConfinedLake } from "../frame/confined-lake.js";
import type { LakeFiles } from "../frame/event-source.js";
import { promotedSql } from "../frame/promoted-view.js";
import { halfOfMemory } from "./memory-limit.js";
import { holdFiles } from "./open-engine.js";
import { openSource } from "./open-lake.js";

/** How a lake is opened for SQL that is not trusted. */
export interface ConfinedLakeOptions {
  /** Most memory that its engine may use, such as `2GB`. Default: half of the machine's, or of what this process may use. */
  readonly memoryLimit?: string | undefined;
}

/**
 * Opens the lake in the folder `dir` for SQL that is not trusted, such as what a web page sends: see `ConfinedLake`. Throws
 * LakeError if there is no lake.
 */
export async function openConfinedLake(
  dir: string,
  { memoryLimit = halfOfMemory() }: ConfinedLakeOptions = {},
): Promise<ConfinedLake> {
  const { source, store } = await openSource(dir);
  let letGo: (() => Promise<void>) | undefined;
  return new ConfinedLake(async () => {
    const lake = await source.files();
    return {
      of: `${lake.version} ${lake.projections ?? ""}`,
      open: async () => {
        const before = letGo;
        letGo = await holdFiles(store, store.pathsIn(lakeSelect(lake.files)));
        await before?.();
        return openConfinedEngine(
          { files: pathsOf(lake), views: (engine) => views(engine, lake) },
          { memoryLimit },
        );
      },
    };
  });
}

function pathsOf({ files }: LakeFiles): string[] {
  return files.flatMap(({ path, projection }) => (projection ? [path, projection.path] : [path]));
}

async function views(
  engine: Parameters<typeof promotedSql>[0],
  lake: LakeFiles,
): Promise<Readonly<Record<string, string>>> {
  const promoted = await promotedSql(engine, lake);
  return { events: lakeSelect(lake.files), ...(promoted === undefined ? {} : { promoted }) };
}
