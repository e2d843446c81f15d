import { open } from "node:fs/promises";
import type { S3Client, S3ClientConfig } from "@aws-sdk/client-s3";
import { UsageError } from "../../errors/index.js";
import { type BucketUrl, checkEndpoint, isPathStyle } from "./bucket-url.js";
import { chosenEndpoint } from "./chosen-endpoint.js";
import {
  type Listed,
  type ObjectClient,
  ObjectError,
  type ObjectStat,
  type TaggedObject,
} from "./object-client.js";

type Sdk = typeof import("@aws-sdk/client-s3");

/** A file is sent in one request up to this size, and else in parts of it; S3 allows 10,000 parts. */
const PART_BYTES = 32 * 2 ** 20;
const MOST_PARTS = 10_000;
const CONNECT_MS = 10_000;
const SILENCE_MS = 60_000;
const TRIES = 5;
/** The SDK warns of Node versions that its later releases will not support; which Node to use is not the lake's business. */
const NO_NODE_WARNING = "AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED";

/**
 * Reaches a bucket by the AWS SDK, whose usual credentials it takes: environment, shared files and profiles, SSO, roles of
 * containers and instances. Larger files than `partBytes` go in parts of it. Throws UsageError if the SDK, an optional package, is not
 * installed, or if the endpoint that environment or profile name must not be used.
 */
export async function s3Client(url: BucketUrl, partBytes = PART_BYTES): Promise<ObjectClient> {
  const sdk = await loadSdk();
  const endpoint = url.endpoint ?? (await withoutWarning(() => chosenEndpoint(sdk, url.region)));
  if (endpoint !== undefined) checkEndpoint(url, endpoint);
  const config: S3ClientConfig = {
    forcePathStyle: isPathStyle(url, endpoint),
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      requestTimeout: 0,
    },
    ...(url.endpoint === undefined ? {} : { endpoint: url.endpoint }),
    ...(url.region === undefined ? {} : { region: url.region }),
  };
  return new S3Objects(sdk, config, url.bucket, partBytes);
}

async function loadSdk(): Promise<Sdk> {
  try {
    return await import("@aws-sdk/client-s3");
  } catch (cause) {
    throw new UsageError(
      "A lake in a bucket is reached by the package @aws-sdk/client-s3, which is not installed.",
      "Install it beside ampframe: npm install @aws-sdk/client-s3 (with -g if ampframe is).",
      { cause },
    );
  }
}

/** What `make` gives, which makes a client before it first waits. */
function withoutWarning<T>(make: () => T): T {
  const quiet = process.env[NO_NODE_WARNING];
  process.env[NO_NODE_WARNING] = "true";
  try {
    return make();
  } finally {
    if (quiet === undefined) delete process.env[NO_NODE_WARNING];
    else process.env[NO_NODE_WARNING] = quiet;
  }
}

class S3Objects implements ObjectClient {
  readonly #sdk: Sdk;
  readonly #bucket: string;
  readonly #partBytes: number;
  readonly #client: S3Client;
  /** Without the SDK's own tries, which would hide from us that an earlier one may have taken effect. */
  readonly #once: S3Client;

  constructor(sdk: Sdk, config: S3ClientConfig, bucket: string, partBytes: number) {
    this.#partBytes = partBytes;
    this.#sdk = sdk;
    this.#bucket = bucket;
    const clientOf = (maxAttempts: number) =>
      withoutWarning(() => new sdk.S3Client({ ...config, maxAttempts }));
    this.#client = clientOf(TRIES);
    this.#once = clientOf(1);
  }

  async get(key: string, from = 0): Promise<AsyncIterable<Buffer>> {
    const { GetObjectCommand } = this.#sdk;
    const range = from > 0 ? { Range: `bytes=${from}-` } : {};
    const { Body } = await this.#told(key, () =>
      this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key, ...range })),
    );
    if (Body === undefined || !(Symbol.asyncIterator in Body))
      throw new ObjectError(`${key}: no content came`, undefined);
    return buffersOf(key, Body);
  }

  async read(key: string): Promise<TaggedObject | undefined> {
    try {
      const { Body, ETag = "" } = await this.#told(key, () =>
        this.#client.send(new this.#sdk.GetObjectCommand({ Bucket: this.#bucket, Key: key })),
      );
      return { body: Buffer.from((await Body?.transformToByteArray()) ?? []), tag: ETag };
    } catch (error) {
      if (error instanceof ObjectError && error.status === 404) return undefined;
      throw error instanceof ObjectError ? error : objectError(key, error);
    }
  }

  async head(key: string): Promise<ObjectStat | undefined> {
    const { HeadObjectCommand } = this.#sdk;
    try {
      const head = await this.#told(key, () =>
        this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: key })),
      );
      return { bytes: head.ContentLength ?? 0, modified: head.LastModified?.getTime() ?? 0 };
    } catch (error) {
      if (error instanceof ObjectError && error.status === 404) return undefined;
      throw error;
    }
  }

  async *list(prefix: string, delimiter?: "/"): AsyncGenerator<Listed> {
    const { ListObjectsV2Command } = this.#sdk;
    let from: string | undefined;
    do {
      const page = await this.#told(prefix, () =>
        this.#client.send(
          new ListObjectsV2Command({
            ...{ Bucket: this.#bucket, Prefix: prefix },
            ...(delimiter === undefined ? {} : { Delimiter: delimiter }),
            ...(from === undefined ? {} : { ContinuationToken: from }),
          }),
        ),
      );
      for (const { Key, Size, LastModified } of page.Contents ?? []) {
        if (Key !== undefined) yield { key: Key, bytes: Size ?? 0, modified: LastModified?.getTime() ?? 0 };
      }
      for (const { Prefix } of page.CommonPrefixes ?? []) if (Prefix !== undefined) yield { folder: Prefix };
      from = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (from !== undefined);
  }

  async put(key: string, body: string | Buffer): Promise<void> {
    const { PutObjectCommand } = this.#sdk;
    await this.#told(key, () =>
      this.#client.send(new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: body })),
    );
  }

  async putIfAbsent(key: string, body: string): Promise<void> {
    const { PutObjectCommand } = this.#sdk;
    const command = new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: body, IfNoneMatch: "*" });
    await this.#told(key, () => this.#once.send(command));
  }

  async putIfSame(key: string, body: string, tag: string): Promise<void> {
    const put = (IfMatch: string) => {
      const command = new this.#sdk.PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: body, IfMatch });
      return this.#told(key, () => this.#once.send(command));
    };
    try {
      await put(tag);
    } catch (error) {
      const bare = tag.replace(/^"(.*)"$/, "$1");
      if (!(error instanceof ObjectError) || error.status !== 412 || bare === tag) throw error;
      // Ceph's gateway (seen with 16.2) compares with the tag without its quotes; a store that takes that for no condition at
      // all is found out by the probe.
      await put(bare);
    }
  }

  async upload(key: string, path: string): Promise<void> {
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      const partBytes = Math.max(this.#partBytes, Math.ceil(size / MOST_PARTS));
      const read = async (from: number) => {
        const part = Buffer.allocUnsafe(Math.min(partBytes, size - from));
        let filled = 0;
        while (filled < part.length) {
          const { bytesRead } = await file.read(part, filled, part.length - filled, from + filled);
          if (bytesRead === 0) throw new ObjectError(`${path} became shorter while it was sent`, undefined);
          filled += bytesRead;
        }
        return part;
      };
      if (size <= partBytes) await this.put(key, await read(0));
      else await this.#inParts(key, size, partBytes, read);
    } finally {
      await file.close();
    }
  }

  async copy(from: string, to: string): Promise<void> {
    const { CopyObjectCommand } = this.#sdk;
    const CopySource = [this.#bucket, ...from.split("/")].map(encodeURIComponent).join("/");
    await this.#told(to, () =>
      this.#client.send(new CopyObjectCommand({ Bucket: this.#bucket, Key: to, CopySource })),
    );
  }

  async remove(key: string): Promise<void> {
    const { DeleteObjectCommand } = this.#sdk;
    await this.#told(key, () =>
      this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: key })),
    );
  }

  /** One part after the other: several files are sent at once, and a part is in memory. */
  async #inParts(
    key: string,
    size: number,
    partBytes: number,
    read: (from: number) => Promise<Buffer>,
  ): Promise<void> {
    const { CreateMultipartUploadCommand, UploadPartCommand, CompleteMultipartUploadCommand } = this.#sdk;
    const object = { Bucket: this.#bucket, Key: key };
    const { UploadId } = await this.#told(key, () =>
      this.#client.send(new CreateMultipartUploadCommand(object)),
    );
    const upload = { ...object, UploadId };
    try {
      const parts: { ETag: string | undefined; PartNumber: number }[] = [];
      for (let from = 0; from < size; from += partBytes) {
        const [Body, PartNumber] = [await read(from), parts.length + 1];
        const { ETag } = await this.#told(key, () =>
          this.#client.send(new UploadPartCommand({ ...upload, Body, PartNumber })),
        );
        parts.push({ ETag, PartNumber });
      }
      await this.#told(key, () =>
        this.#client.send(
          new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: parts } }),
        ),
      );
    } catch (error) {
      // Completing may have taken effect although it failed: a file of our own name and size is the one we sent.
      if ((await this.head(key).catch(() => undefined))?.bytes === size) return;
      const { AbortMultipartUploadCommand } = this.#sdk;
      await this.#client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
      throw error;
    }
  }

  async #told<T>(key: string, request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      throw objectError(`s3://${this.#bucket}/${key}`, error);
    }
  }
}

async function* buffersOf(key: string, body: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  try {
    for await (const piece of body)
      if (piece instanceof Uint8Array) yield Buffer.from(piece.buffer, piece.byteOffset, piece.length);
  } catch (error) {
    throw objectError(key, error);
  }
}

function objectError(what: string, error: unknown): ObjectError {
  const { name, message, $metadata } = told(error);
  const status = $metadata?.httpStatusCode;
  const words = message === name || message === "UnknownError" ? name : `${message} (${name})`;
  return new ObjectError(
    `${what}: ${words}${status === undefined ? "" : `, HTTP status ${status}`}`,
    status,
    {
      cause: error,
    },
  );
}

interface Told {
  readonly name: string;
  readonly message: string;
  readonly $metadata?: { readonly httpStatusCode?: number | undefined } | undefined;
}

function told(error: unknown): Told {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { name, message } = error;
  const metadata: unknown = Reflect.get(error, "$metadata");
  const status: unknown =
    metadata && typeof metadata === "object" ? Reflect.get(metadata, "httpStatusCode") : undefined;
  return { name, message, $metadata: { httpStatusCode: typeof status === "number" ? status : undefined } };
}
