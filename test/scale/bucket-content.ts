import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { S3Server } from "./s3-server.js";

interface LogAction {
  readonly add?: { readonly path: string };
  readonly txn?: { readonly appId: string };
  readonly commitInfo?: { readonly operation: string };
}

/** The objects of a bucket as its store itself tells them, past all code of ours. */
export class BucketContent {
  readonly #client: S3Client;

  constructor(
    { endpoint, env }: S3Server,
    private readonly bucket: string,
  ) {
    const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "" } = env;
    const credentials = { accessKeyId, secretAccessKey };
    this.#client = new S3Client({ endpoint, credentials, region: "us-east-1", forcePathStyle: true });
  }

  /** All keys that begin so, sorted. */
  async keys(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    let from: string | undefined;
    do {
      const asked = { Bucket: this.bucket, Prefix: prefix, ContinuationToken: from };
      const page = await this.#client.send(new ListObjectsV2Command(asked));
      keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
      from = page.NextContinuationToken;
    } while (from !== undefined);
    return keys.sort();
  }

  async text(key: string): Promise<string> {
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
    return (await Body?.transformToString()) ?? "";
  }

  async put(key: string, body: Buffer | string): Promise<void> {
    await this.#client.send(new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: body }));
  }

  /** Data files of the lake at `prefix` that lie there, and those that its log has ever named. */
  async dataFiles(prefix: string): Promise<{ there: string[]; named: Set<string> }> {
    const there = (await this.keys(`${prefix}/app=`)).map((key) => key.slice(prefix.length + 1));
    const named = new Set<string>();
    for (const entry of await this.#log(prefix)) {
      for (const { add } of entry) if (add) named.add(decodeURIComponent(add.path));
    }
    return { there, named };
  }

  /** The upload hours that commits of that operation touched, as the log of the lake at `prefix` names them, one for each commit. */
  async hoursOf(prefix: string, operation: string): Promise<string[]> {
    const entries = await this.#log(prefix);
    const chosen = entries.filter((entry) =>
      entry.some(({ commitInfo }) => commitInfo?.operation === operation),
    );
    return chosen.flatMap((entry) =>
      entry.flatMap(({ txn }) => /^ampframe\/[^/]+\/(.+)$/.exec(txn?.appId ?? "")?.[1] ?? []),
    );
  }

  /** The actions of all entries of the log. */
  async #log(prefix: string): Promise<LogAction[][]> {
    const keys = (await this.keys(`${prefix}/_delta_log/0`)).filter((key) => key.endsWith(".json"));
    const entries: LogAction[][] = [];
    for (const key of keys) {
      const lines = (await this.text(key)).split("\n").filter((line) => line !== "");
      entries.push(lines.map((line): LogAction => JSON.parse(line)));
    }
    return entries;
  }
}
