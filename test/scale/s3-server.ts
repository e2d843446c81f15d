import {
  CreateBucketCommand,
  DeleteObjectCommand,
  HeadBucketCommand,
  paginateListObjectsV2,
  S3Client,
} from "@aws-sdk/client-s3";
import { startSeaweedFs } from "./seaweedfs.js";

/** A real S3 server. */
export interface S3Server {
  readonly endpoint: string;
  /** What the AWS SDK must be told to reach it. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * An S3 server with an empty bucket of that name: SeaweedFS on loopback, or the one at `AMPFRAME_SCALE_S3`, with the credentials of
 * `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`. There all that is in the bucket is deleted first.
 */
export async function startS3(bucket: string): Promise<S3Server> {
  const { AMPFRAME_SCALE_S3: endpoint, AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "" } = process.env;
  if (endpoint === undefined) return startSeaweedFs(bucket);
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  const region = process.env.AWS_REGION ?? "us-east-1";
  const client = new S3Client({ endpoint, credentials, region, forcePathStyle: true });
  const isThere = await client.send(new HeadBucketCommand({ Bucket: bucket })).then(
    () => true,
    () => false,
  );
  if (!isThere) await client.send(new CreateBucketCommand({ Bucket: bucket }));
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket }))
    for (const { Key } of Contents) await client.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
  client.destroy();
  const env = { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION: region, AWS_ENDPOINT_URL_S3: endpoint };
  return { endpoint, env, stop: async () => {} };
}
