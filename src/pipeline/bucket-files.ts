import { posix } from "node:path";
import { UsageError } from "../errors/index.js";
import { guarded } from "../lake/failure.js";
import type { LakeStore } from "../lake/store/lake-store.js";
import { openStore } from "../lake/store/open-store.js";
import type { InputFile } from "./input-files.js";

/** Objects of a bucket, as files to load. */
export interface BucketFiles {
  readonly files: readonly InputFile[];
  /** Gives back what was taken to read them. */
  close(): Promise<void>;
}

/**
 * The object at `address` (`s3://bucket/key`, with options as a lake's address has them), or all below it if there is none of
 * that key. None is fetched before it is opened. Throws UsageError for a wrong address, LakeError if the bucket cannot be read.
 */
export async function bucketFiles(address: string): Promise<BucketFiles> {
  const [place = "", options] = address.split(/\?(.*)/s);
  const asked = options === undefined ? "" : `?${options}`;
  const doing = `reading ${place}`;
  if (!place.endsWith("/") && place.split("/").length > 3) {
    const store = await openStore(`${posix.dirname(place)}${asked}`);
    const name = posix.basename(place);
    const found = await guarded(doing, () => store.stat(name));
    if (found) return filesIn(store, [{ path: name, bytes: found.bytes }]);
  }
  const store = await openStore(address);
  const found = await guarded(doing, async () => {
    const all: { path: string; bytes: number }[] = [];
    for await (const { path, bytes } of store.walk("")) all.push({ path, bytes });
    return all;
  });
  if (found.length > 0) return filesIn(store, found);
  throw new UsageError(`${place} holds no object.`, "Check the bucket and the prefix.");
}

function filesIn(
  store: LakeStore,
  found: readonly { readonly path: string; readonly bytes: number }[],
): BucketFiles {
  const files = found.map(({ path, bytes }) => ({
    path: store.nameOf(path),
    bytes,
    bring: async (signal: AbortSignal | undefined) => {
      const release = await guarded(`reading ${store.nameOf(path)}`, () =>
        store.hold([path], { fresh: true, signal }),
      );
      return { at: store.filePath(path), release };
    },
  }));
  return { files, close: () => store.close() };
}
