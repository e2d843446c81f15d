import type { Value } from "../engine/column-type.js";
import type { TimeSpan } from "../engine/lake-view.js";
import type { LakeFiles } from "./event-source.js";

/**
 * The first and last `server_upload_time` of the files, from their statistics; `ask` is for files that have none. Null of an empty
 * lake. Microseconds since 1970.
 */
export async function uploadsIn(
  { files }: LakeFiles,
  ask: () => Promise<{ readonly min: Value | undefined; readonly max: Value | undefined }>,
): Promise<TimeSpan | null> {
  const spans = files.flatMap(({ serverUploadTime }) => serverUploadTime ?? []);
  if (files.length === 0) return null;
  if (spans.length === files.length) {
    const [first, ...others] = spans;
    return others.reduce(
      (all, { min, max }) => ({ min: min < all.min ? min : all.min, max: max > all.max ? max : all.max }),
      first!,
    );
  }
  const { min, max } = await ask();
  return typeof min === "bigint" && typeof max === "bigint" ? { min, max } : null;
}
