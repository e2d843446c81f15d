import { basename, resolve } from "node:path";
import { isBucketUrl } from "../../index.js";

/** A short name of the lake: its folder's, or the last part of its address. */
export function lakeName(lake: string): string {
  return basename(isBucketUrl(lake) ? lake.replace(/\?.*$/s, "") : resolve(lake));
}
