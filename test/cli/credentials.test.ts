import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readCredentials } from "../../src/cli/credentials.js";
import { createRedaction } from "../../src/cli/redaction.js";
import { emptyFolder } from "./run.js";

const A = { AMPLITUDE_API_KEY: "api-key-of-a", AMPLITUDE_SECRET_KEY: "secret-key-of-a" };

function envFile(text: string, mode = 0o600): string {
  const path = join(emptyFolder(), "keys.env");
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

function read(env: Record<string, string>, file?: string, platform: NodeJS.Platform = "linux") {
  const options = file === undefined ? { envFile: envFile("") } : { envFile: file };
  return readCredentials(options, { env, redaction: createRedaction() }, platform);
}

test("the environment comes first", () => {
  const file = envFile("AMPLITUDE_API_KEY=b\nAMPLITUDE_SECRET_KEY=b2\n");
  expect(read(A, file)).toEqual({ apiKey: "api-key-of-a", secretKey: "secret-key-of-a" });
});

test("a file is read with its quotes, comments and export", () => {
  const file = envFile(
    `# keys\nexport AMPLITUDE_API_KEY="abc123"\nAMPLITUDE_SECRET_KEY='def456' # of shop\nOTHER=1\n`,
  );
  expect(read({}, file)).toEqual({ apiKey: "abc123", secretKey: "def456" });
});

test("a whole pair of the file is not mixed with a stray key of the environment", () => {
  const file = envFile("AMPLITUDE_API_KEY=file-api\nAMPLITUDE_SECRET_KEY=file-secret\n");
  expect(read({ AMPLITUDE_API_KEY: "env-api" }, file)).toEqual({
    apiKey: "file-api",
    secretKey: "file-secret",
  });
});

test("one key from each place is a pair where neither place has both", () => {
  const file = envFile("AMPLITUDE_SECRET_KEY=file-secret\n");
  expect(read({ AMPLITUDE_API_KEY: "env-api" }, file)).toEqual({
    apiKey: "env-api",
    secretKey: "file-secret",
  });
});

test.each([0o640, 0o604, 0o644])(
  "a file of keys with mode %o is refused on POSIX, not on Windows",
  (mode) => {
    const file = envFile("AMPLITUDE_API_KEY=canary1\nAMPLITUDE_SECRET_KEY=canary2\n", mode);
    expect(() => read({}, file)).toThrow(/can be read by other users/);
    expect(read({}, file, "win32").apiKey).toBe("canary1");
  },
);

test("a file that others can read is no matter where it holds none of our keys", () => {
  expect(() => read({}, envFile("PORT=80\n", 0o644))).toThrow(/No AMPLITUDE_API_KEY/);
  expect(read(A, envFile("PORT=80\n", 0o644)).apiKey).toBe("api-key-of-a");
});

test.each(["with space", "with:colon", "with\u0007bell", "schlüssel"])(
  "a key that cannot be one is refused unseen",
  (key) => {
    const reading = () => read({ AMPLITUDE_API_KEY: key, AMPLITUDE_SECRET_KEY: "x" });
    expect(reading).toThrow(/AMPLITUDE_API_KEY holds a character that no key has/);
    expect(reading).not.toThrow(new RegExp(key));
  },
);

test("an --env-file that is not there is wrong use", () => {
  expect(() => read({}, join(emptyFolder(), "none.env"))).toThrow(/cannot be read/);
  expect(() => read({}, emptyFolder())).toThrow(/cannot be read/);
});

test("redaction knows the keys and the header made of them", () => {
  const redaction = createRedaction();
  readCredentials({}, { env: A, redaction });
  const header = Buffer.from("api-key-of-a:secret-key-of-a").toString("base64");
  expect(redaction.clean(`at api-key-of-a, ${header}; secret-key-of-a!`)).toBe(
    "at [hidden], [hidden]; [hidden]!",
  );
});
