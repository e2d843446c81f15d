type Sdk = typeof import("@aws-sdk/client-s3");

/**
 * Where the SDK would send requests, as `https://host:port`, by all that it goes by itself: environment, profile, region. No
 * request is sent. Undefined if it cannot tell, as without a region; the first real request then says why.
 */
export async function chosenEndpoint(sdk: Sdk, region: string | undefined): Promise<string | undefined> {
  let chosen: string | undefined;
  const nobody = { accessKeyId: "none", secretAccessKey: "none" };
  const client = new sdk.S3Client({
    ...{ forcePathStyle: true, maxAttempts: 1, credentials: nobody },
    ...(region === undefined ? {} : { region }),
  });
  client.middlewareStack.add(
    () => async (args) => {
      chosen = originOf(args);
      throw new Error("No request is meant to be sent.");
    },
    { step: "build", priority: "high", name: "chosenEndpoint" },
  );
  await client.send(new sdk.HeadBucketCommand({ Bucket: "none" })).catch(() => undefined);
  client.destroy();
  return chosen;
}

function originOf(args: object): string | undefined {
  const request: unknown = Reflect.get(args, "request");
  if (typeof request !== "object" || request === null) return undefined;
  const [protocol, hostname, port] = ["protocol", "hostname", "port"].map((name) =>
    Reflect.get(request, name),
  );
  return `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`;
}
