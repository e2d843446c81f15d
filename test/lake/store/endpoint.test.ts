import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { parseBucketUrl } from "../../../src/lake/store/bucket-url.js";
import { s3Client } from "../../../src/lake/store/s3-client.js";
import { newFolder } from "../../pipeline/scene.js";
import { answerer } from "./in-bucket.js";
import { BUCKET } from "./s3-answerer.js";

const NAMES = ["AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"] as const;

afterEach(() => {
  for (const name of NAMES) delete process.env[name];
});

async function profileWith(endpoint: string): Promise<void> {
  const path = join(await newFolder(), "config");
  const keys = "aws_access_key_id = test-key\naws_secret_access_key = test-secret";
  await writeFile(path, `[profile lab]\n${keys}\nregion = us-east-1\nendpoint_url = ${endpoint}\n`);
  Object.assign(process.env, { AWS_CONFIG_FILE: path, AWS_PROFILE: "lab" });
}

const clientOf = async (options = "") => s3Client(parseBucketUrl(`s3://${BUCKET}/lake${options}`));

test("the endpoint of a profile is reached, with the bucket in the path", async () => {
  await profileWith(answerer.endpoint);
  const client = await clientOf();
  await client.put("lake/one", "1");
  expect(answerer.objects.get("lake/one")?.body.toString()).toBe("1");
});

test("no endpoint, wherever it was named, is asked in the clear unless that is allowed", async () => {
  const refusal = /http:\/\/store\.example:9000 would send events over the network in the clear/;
  await profileWith("http://store.example:9000");
  await expect(clientOf()).rejects.toThrow(refusal);
  await expect(clientOf("?insecureHttp=true")).resolves.toBeDefined();
  await expect(clientOf(`?endpoint=${answerer.endpoint}`)).resolves.toBeDefined();
  for (const name of ["AWS_PROFILE", "AWS_CONFIG_FILE"]) delete process.env[name];
  for (const name of ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"]) {
    process.env[name] = "http://store.example:9000";
    await expect(clientOf()).rejects.toThrow(refusal);
    delete process.env[name];
  }
  await expect(clientOf("?endpoint=http://store.example:9000")).rejects.toThrow(refusal);
  await expect(clientOf()).resolves.toBeDefined();
});
