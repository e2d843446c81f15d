import { UsageError } from "../../errors/index.js";

/** A lake's place in a bucket, and how to reach it. */
export interface BucketUrl {
  readonly bucket: string;
  /** Without a slash at either end; may be empty. */
  readonly prefix: string;
  /** `s3://bucket/prefix`, for messages. */
  readonly location: string;
  /** Where the store answers; undefined: what the environment or the profile says, else Amazon. */
  readonly endpoint: string | undefined;
  /** Undefined: what `AWS_REGION` or the profile says. */
  readonly region: string | undefined;
  /** True if the bucket stands in the path and not in the host's name; undefined: as `isPathStyle` has it. */
  readonly pathStyle: boolean | undefined;
  /** True if `http:` to other machines is allowed. */
  readonly insecureHttp: boolean;
}

const SCHEME = /^s3:\/\//i;
const BUCKET = /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/i;
const OPTIONS = ["endpoint", "region", "pathStyle", "insecureHttp"] as const;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** True if a lake named so, as `s3://bucket/prefix`, lies in a bucket and not in a folder. Says nothing of whether the address is right. */
export function isBucketUrl(lake: string): boolean {
  return SCHEME.test(lake);
}

/**
 * Reads `s3://bucket/prefix?endpoint=https://host&region=eu-central-1&pathStyle=true`; all after the bucket may be left
 * out. Throws UsageError.
 */
export function parseBucketUrl(lake: string): BucketUrl {
  const [place = "", query = ""] = lake.replace(SCHEME, "").split(/\?(.*)/s);
  const [bucket = "", ...keys] = place.split("/");
  const prefix = keys.filter((key) => key !== "").join("/");
  if (!BUCKET.test(bucket)) throw wrong(lake, `${JSON.stringify(bucket)} is no name of a bucket`);
  if (keys.includes("..") || keys.includes(".")) throw wrong(lake, "its prefix has . or .. in it");
  const options = new URLSearchParams(query);
  for (const name of options.keys()) {
    if (!OPTIONS.some((known) => known === name))
      throw wrong(lake, `it has the option ${JSON.stringify(name)}`);
  }
  const pathStyle = options.get("pathStyle");
  const url = {
    ...{ bucket, prefix, endpoint: options.get("endpoint") ?? undefined },
    region: options.get("region") ?? undefined,
    location: `s3://${bucket}${prefix === "" ? "" : `/${prefix}`}`,
    pathStyle: pathStyle === null ? undefined : pathStyle === "true",
    insecureHttp: options.get("insecureHttp") === "true",
  };
  if (url.endpoint !== undefined) checkEndpoint(url, url.endpoint);
  return url;
}

/** Whether the bucket stands in the path of requests to `endpoint`: as the address says, else with any endpoint but Amazon's. */
export function isPathStyle({ bucket, pathStyle }: BucketUrl, endpoint: string | undefined): boolean {
  const isOther = endpoint !== undefined && !/\.amazonaws\.com(\.cn)?(:\d+)?\/?$/i.test(endpoint);
  return pathStyle ?? (isOther || bucket.includes("."));
}

/** Throws UsageError unless `endpoint`, wherever it was named, is an address to which events may be sent. */
export function checkEndpoint({ location, insecureHttp }: BucketUrl, endpoint: string): void {
  let url: URL;
  try {
    url = new URL(endpoint);
  } catch {
    throw wrong(location, `its endpoint ${JSON.stringify(endpoint)} is no address`);
  }
  if (url.protocol === "https:") return;
  if (url.protocol !== "http:") throw wrong(location, `its endpoint begins with ${url.protocol}`);
  if (insecureHttp || LOOPBACK.test(url.hostname)) return;
  throw new UsageError(
    `The endpoint ${url.origin} would send events over the network in the clear.`,
    "Use https, or add insecureHttp=true to the lake's address: s3://bucket/prefix?insecureHttp=true.",
  );
}

function wrong(lake: string, found: string): UsageError {
  return new UsageError(
    `The address ${lake.split("?")[0]} cannot be used: ${found}.`,
    `Write s3://bucket/prefix, and if need be ?${OPTIONS.map((name) => `${name}=…`).join("&")} after it.`,
  );
}
