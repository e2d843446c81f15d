import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach } from "vitest";
import { BucketStore } from "../../../src/lake/store/bucket-store.js";
import { parseBucketUrl } from "../../../src/lake/store/bucket-url.js";
import type { ObjectClient } from "../../../src/lake/store/object-client.js";
import { s3Client } from "../../../src/lake/store/s3-client.js";
import { type Answerer, BUCKET, startAnswerer } from "./s3-answerer.js";

process.env.AWS_ACCESS_KEY_ID = "test-key";
process.env.AWS_SECRET_ACCESS_KEY = "test-secret";
process.env.AWS_REGION = "us-east-1";

/** A store on loopback that is empty, honest and sound before each test. */
export const answerer: Answerer = await startAnswerer();
const cache = await mkdtemp(join(tmpdir(), "ampframe-cache-"));

afterEach(() => {
  answerer.objects.clear();
  answerer.uploads.clear();
  answerer.asked.length = 0;
  Object.assign(answerer, { fault: () => undefined, honest: true, heeding: true, pageKeys: 1000 });
});

afterAll(async () => {
  await answerer.close();
  await rm(cache, { recursive: true, force: true });
});

/** The address of a lake in the bucket. */
export const addressOf = (prefix: string) => `s3://${BUCKET}/${prefix}?endpoint=${answerer.endpoint}`;

const shared = s3Client(parseBucketUrl(addressOf("")));

let lakes = 0;

/** The prefix of a lake that no other test has. */
export const newPrefix = () => `lake-${++lakes}`;

/** The cache of all lakes of this file's tests. */
export const cacheFolder = cache;

/** A store as another process would have it; `client` takes the place of the real one. */
export async function storeAt(
  prefix: string,
  client?: ObjectClient,
  cacheBytes = 1e9,
  firstWaitMs = 5,
): Promise<BucketStore> {
  const url = parseBucketUrl(addressOf(prefix));
  return new BucketStore(url, client ?? (await shared), { folder: cache, bytes: cacheBytes }, firstWaitMs);
}

/** The real client of the bucket. */
export const clientOf = (prefix: string, partBytes?: number) =>
  partBytes === undefined ? shared : s3Client(parseBucketUrl(addressOf(prefix)), partBytes);
