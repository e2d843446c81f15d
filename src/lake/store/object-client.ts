/** An object of a bucket; `modified` is the store's time, in milliseconds since 1970. */
export interface ObjectStat {
  readonly bytes: number;
  readonly modified: number;
}

/** An object, and its ETag: another content has another. */
export interface TaggedObject {
  readonly body: Buffer;
  readonly tag: string;
}

/** What a listing gives: an object, or with a delimiter what several keys begin with. */
export type Listed = ({ readonly key: string } & ObjectStat) | { readonly folder: string };

/**
 * The few requests to an object store of which a lake is made. Keys are whole. An object that is not there is an error
 * with the code ENOENT; any other refusal is one with the store's own words, and `status` if it answered at all.
 */
export interface ObjectClient {
  /** The object, from byte `from` on. */
  get(key: string, from?: number): Promise<AsyncIterable<Buffer>>;
  /** The whole object and the tag of its content; undefined if there is none. */
  read(key: string): Promise<TaggedObject | undefined>;
  head(key: string): Promise<ObjectStat | undefined>;
  /** All keys that begin with `prefix`; with `delimiter`, of those that go on with it only what they have in common. */
  list(prefix: string, delimiter?: "/"): AsyncIterable<Listed>;
  put(key: string, body: string | Buffer): Promise<void>;
  /** As `put`, if there is no object of that key: else it fails with status 412, or 409 if another is being written. */
  putIfAbsent(key: string, body: string): Promise<void>;
  /** As `put`, if the object still has the tag that `read` gave: else it fails with status 412, or 404 or 409. */
  putIfSame(key: string, body: string, tag: string): Promise<void>;
  /** Uploads a file, in parts if it is large. */
  upload(key: string, path: string): Promise<void>;
  /** Writes an object's bytes to another key of the bucket, in the store itself. Up to 5 GB, as S3 has it. */
  copy(from: string, to: string): Promise<void>;
  /** Removes an object, if it is there. */
  remove(key: string): Promise<void>;
}

/** A request that the store refused, or that did not come to an end. */
export class ObjectError extends Error {
  override readonly name = "ObjectError";

  constructor(
    message: string,
    /** The HTTP status of the answer; undefined if there was none. */
    readonly status: number | undefined,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    if (status === 404) this.code = "ENOENT";
  }

  readonly code: string | undefined;
}

/** The status of an answer that told something, or undefined. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof ObjectError ? error.status : undefined;
}
