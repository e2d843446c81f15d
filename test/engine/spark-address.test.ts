import { expect, test } from "vitest";
import { sparkAddress } from "../../src/engine/spark/address.js";
import { openSpark } from "../../src/engine/spark/spark.js";
import { sparkTable } from "../../src/engine/spark/spark-table.js";

test("a connection string of Spark Connect is read, and a token asks for TLS", () => {
  expect(sparkAddress("sc://host")).toEqual({
    ...{ host: "host", port: 15_002, tls: false, userId: "ampframe", token: undefined, headers: {} },
  });
  expect(sparkAddress("sc://h:443/;user_id=me;x-databricks-cluster-id=a%20b;token=abc")).toEqual({
    ...{ host: "h", port: 443, tls: true, userId: "me", token: "abc" },
    headers: { "x-databricks-cluster-id": "a b" },
  });
  expect(sparkAddress("sc://[::1]:99/;use_ssl=true", "t")).toMatchObject({
    host: "[::1]",
    tls: true,
    token: "t",
  });
});

test.each(["", "host:15002", "http://host", "sc://", "sc://host:0", "sc://host:99999", "sc://host/;=x"])(
  "what is no connection string is refused: %j",
  (text) => expect(() => sparkAddress(text)).toThrow(/The Spark server is given as/),
);

test("a token is not shown", () => {
  expect(() => sparkAddress("sc://host:0/;token=secret")).toThrow(/token=…/);
  expect(() => sparkAddress("sc://host:0/;token=secret")).not.toThrow(/secret/);
});

test("a token is not sent without TLS", async () => {
  const opening = openSpark({ server: "sc://127.0.0.1:1/;use_ssl=false", token: "secret" });
  await expect(opening).rejects.toThrow(/without TLS/);
});

test("a server that does not answer is named, with the way out", async () => {
  const opening = openSpark({ server: "sc://127.0.0.1:1" });
  await expect(opening).rejects.toMatchObject({
    message: expect.stringMatching(
      /^No Spark Connect server answers at 127\.0\.0\.1:1: connect ECONNREFUSED/,
    ),
    wayOut: expect.stringContaining("AMPFRAME_SPARK"),
  });
});

test("a table is a path, a URL, or a name of the catalog", () => {
  expect(sparkTable("/data/a `b`", 3)).toBe("delta.`/data/a ``b``` VERSION AS OF 3");
  expect(sparkTable("s3a://b/web.events", 0)).toBe("delta.`s3a://b/web.events` VERSION AS OF 0");
  expect(sparkTable("main.web.events", 7)).toBe("`main`.`web`.`events` VERSION AS OF 7");
});
