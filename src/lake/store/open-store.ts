import { resolve } from "node:path";
import { BucketStore } from "./bucket-store.js";
import { isBucketUrl, parseBucketUrl } from "./bucket-url.js";
import { cacheSettings } from "./cache-settings.js";
import { DiskStore } from "./disk-store.js";
import type { LakeStore } from "./lake-store.js";
import { s3Client } from "./s3-client.js";

/** Where the lake `lake` lies, a folder or an address as `parseBucketUrl` reads it. Nothing is asked yet. Throws UsageError. */
export async function openStore(lake: string): Promise<LakeStore> {
  if (!isBucketUrl(lake)) return new DiskStore(resolve(lake));
  const url = parseBucketUrl(lake);
  return new BucketStore(url, await s3Client(url), cacheSettings());
}
