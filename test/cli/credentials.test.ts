import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findCredentials, type LookUp } from "../../src/cli/credentials.js";
import { pairInText, textOfPair } from "../../src/cli/env-text.js";
import { writeKeysFile } from "../../src/cli/keys-file.js";
import { createRedaction } from "../../src/cli/redaction.js";
import { keysFile } from "../../src/cli/stored-keys.js";
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
  const lookUp = { platform, openKeyring: () => undefined };
  return findCredentials(options, { env, redaction: createRedaction() }, lookUp).credentials;
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
  findCredentials({}, { env: A, redaction });
  const header = Buffer.from("api-key-of-a:secret-key-of-a").toString("base64");
  expect(redaction.clean(`at api-key-of-a, ${header}; secret-key-of-a!`)).toBe(
    "at [hidden], [hidden]; [hidden]!",
  );
});

const STORED = "AMPLITUDE_API_KEY='stored-api'\nAMPLITUDE_SECRET_KEY='stored-secret'\nAMPLITUDE_REGION=eu\n";
const PAIR = { apiKey: "stored-api", secretKey: "stored-secret" };

/** Looks for keys with a keyring that holds `inKeyring`, in a home folder whose file holds `inFile`. */
function look(
  options: { profile?: string; envFile?: string },
  inKeyring: string | Error | null,
  inFile?: string,
  env = {},
) {
  const surroundings = { env: { HOME: emptyFolder(), ...env }, redaction: createRedaction() };
  const asked: string[] = [];
  const lookUp: LookUp = {
    platform: "linux",
    openKeyring: () => ({
      get(profile) {
        asked.push(profile);
        if (inKeyring instanceof Error) throw inKeyring;
        return inKeyring;
      },
      set: () => {},
      remove: () => false,
    }),
  };
  const path = keysFile(options.profile ?? "default", surroundings, "linux");
  if (inFile !== undefined) writeKeysFile(path, inFile);
  return {
    path,
    asked,
    redaction: surroundings.redaction,
    find: () => findCredentials(options, surroundings, lookUp),
  };
}

test("after the environment and ./.env come the keyring and then the stored file, each with its region", () => {
  const keyring = look({}, STORED, "AMPLITUDE_API_KEY=other\nAMPLITUDE_SECRET_KEY=other2");
  expect(keyring.find()).toEqual({
    ...{ credentials: PAIR, source: "the OS keyring, profile default", region: "eu" },
  });
  expect(keyring.redaction.clean("stored-secret")).toBe("[hidden]");
  for (const nothing of [null, "", new Error("locked")]) {
    const file = look({}, nothing, STORED);
    expect(file.find()).toEqual({ credentials: PAIR, source: file.path, region: "eu" });
  }
  const env = look({}, STORED, STORED, A);
  expect(env.find()).toMatchObject({ source: "the environment", region: undefined });
  expect(env.asked).toEqual([]);
});

test("--profile means stored keys only; --env-file means none of them", () => {
  const shop = look({ profile: "shop" }, STORED, undefined, A);
  expect(shop.find()).toMatchObject({ credentials: PAIR, source: "the OS keyring, profile shop" });
  expect(shop.asked).toEqual(["shop"]);
  const named = look({ envFile: envFile("PORT=1\n") }, STORED, STORED);
  expect(named.find).toThrow(/Looked in: the environment; \S+keys\.env\.$/);
  expect(named.asked).toEqual([]);
  expect(look({ envFile: envFile(""), profile: "shop" }, null).find).toThrow(/together/);
  expect(look({ profile: "../x" }, null).find).toThrow(/profile's name/);
});

test("what was looked at is told, and what was missing there", () => {
  const { path, find } = look({}, new Error("no such bus secret-canary"), "AMPLITUDE_API_KEY=half", {
    AMPLITUDE_SECRET_KEY: "canary",
  });
  expect(find).toThrow(
    "No AMPLITUDE_API_KEY with its AMPLITUDE_SECRET_KEY was found. Looked in: the environment (no AMPLITUDE_API_KEY); " +
      `.env (not there); the OS keyring, profile default (it cannot be reached); ${path} (no AMPLITUDE_SECRET_KEY).`,
  );
});

test("a stored file that others can read is refused with the command that mends it", () => {
  const { path, find } = look({}, null, STORED);
  chmodSync(path, 0o640);
  expect(find).toThrow(expect.objectContaining({ wayOut: `Run \`chmod 600 ${path}\`, then try again.` }));
});

test("the file is where the system keeps settings", () => {
  const file = (env: Record<string, string>, platform: NodeJS.Platform) =>
    keysFile("shop", { env }, platform);
  expect(file({ HOME: "/h" }, "linux")).toBe("/h/.config/ampframe/shop.env");
  expect(file({ HOME: "/h", XDG_CONFIG_HOME: "/c" }, "linux")).toBe("/c/ampframe/shop.env");
  expect(file({ HOME: "/h", XDG_CONFIG_HOME: "c" }, "linux")).toBe("/h/.config/ampframe/shop.env");
  expect(file({ HOME: "/h" }, "darwin")).toBe("/h/Library/Application Support/ampframe/shop.env");
  expect(file({ APPDATA: "C:\\a" }, "win32")).toBe("C:\\a\\ampframe\\shop.env");
});

test("keys of any form come back as they were stored; one that no quoting can hold is refused", () => {
  for (const secretKey of ["0123abcd", "a#b", "a'b", '"a', "a\\nb", "$HOME", "a=b", "`"]) {
    expect(pairInText(textOfPair({ apiKey: "x", secretKey, region: "us" }))).toEqual({
      ...{ apiKey: "x", secretKey, region: "us" },
    });
  }
  expect(() => textOfPair({ apiKey: "x", secretKey: "'`canary" })).toThrow(/^(?!.*canary)/);
});
