import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { afterEach, expect, test } from "vitest";
import { login } from "../../src/cli/commands/login.js";
import { logout } from "../../src/cli/commands/logout.js";
import type { CliOptions } from "../../src/cli/invocation.js";
import { type Keyring, openKeyring } from "../../src/cli/keyring.js";
import { createRedaction } from "../../src/cli/redaction.js";
import { LOGIN, LOGOUT } from "../../src/cli/tree/login.js";
import { type Emulator, startEmulator } from "../../src/index.js";
import { ampframe, emptyFolder } from "./run.js";

const API = "canary-api-5d1e07";
const SECRET = "canary-secret-91ac3b";
const INPUT = `${API}\n${SECRET}\n`;

let emulator: Emulator | undefined;
afterEach(async () => {
  await emulator?.close();
  emulator = undefined;
});

async function served(): Promise<Emulator> {
  emulator = await startEmulator({ eventsPerDay: 300, days: 1, apiKey: API, secretKey: SECRET });
  return emulator;
}

test.each([
  ["two lines", INPUT],
  ["two lines as Windows writes them", `\ufeff${API}\r\n\r\n${SECRET}\r\n`],
  ["an env file", `# shop\nexport AMPLITUDE_API_KEY="${API}"\nAMPLITUDE_SECRET_KEY=${SECRET}\n`],
])("keys from stdin as %s are checked, stored for their owner only, and used by pull", async (_, input) => {
  const { url, requests } = await served();
  const env = { HOME: emptyFolder() };
  const file = join(env.HOME, ".config/ampframe/default.env");
  const done = await ampframe(["login", "--endpoint", url], { env, input });
  expect(done).toMatchObject({ status: 0, stdout: "" });
  expect(done.stderr).toMatch(/^✓ Keys stored in \S+default\.env \(checked, project us-[0-9a-f]{12}\)\n/);
  expect(done.stderr).not.toMatch(/canary/);
  expect(requests).toMatchObject([{ status: 404, start: "20100101T00", end: "20100101T00" }]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(file, "..")).mode & 0o777).toBe(0o700);
  expect(readdirSync(join(file, ".."))).toEqual(["default.env"]);
  const cwd = emptyFolder();
  const log = join(cwd, "log");
  const pulled = await ampframe(["pull", "--endpoint", url, "--last", "12h", "--log-file", log], {
    env,
    cwd,
  });
  expect(pulled.status).toBe(0);
  expect(readFileSync(log, "utf8")).toContain(`"kind":"credentials","source":"${file}"`);
  expect(readFileSync(log, "utf8") + pulled.stderr).not.toMatch(/canary/);
});

test("profiles are kept apart with their regions, --json has the documented keys, logout removes one", async () => {
  const env = { HOME: emptyFolder() };
  const args = ["login", "--no-check", "--json", "--profile"];
  const shop = await ampframe([...args, "shop", "--region", "eu"], { env, input: INPUT });
  const told = JSON.parse(shop.stdout);
  expect(Object.keys(told).sort()).toEqual(Object.keys(LOGIN.json ?? {}).sort());
  const file = join(env.HOME, ".config/ampframe/shop.env");
  expect(told).toEqual({ profile: "shop", region: "eu", stored: "file", file, checked: false, source: null });
  await ampframe([...args, "blog"], { env, input: "blog-api-key\nblog-secret-key\n" });
  const plan = (name: string) => ampframe(["pull", "--dry-run", "--json", "--profile", name], { env });
  expect(JSON.parse((await plan("shop")).stdout).source.id).toMatch(/^eu-/);
  expect(JSON.parse((await plan("blog")).stdout).source.id).toMatch(/^us-/);
  const out = await ampframe(["logout", "--profile", "shop", "--json"], { env });
  expect(Object.keys(JSON.parse(out.stdout)).sort()).toEqual(Object.keys(LOGOUT.json ?? {}).sort());
  expect(JSON.parse(out.stdout)).toEqual({ profile: "shop", removed: [file] });
  const without = await plan("shop");
  expect(without).toMatchObject({ status: 2, stdout: "" });
  expect(without.stderr).toContain("Looked in: the OS keyring, profile shop");
  expect(without.stderr).toContain(`${file} (not there)`);
  expect(await plan("blog")).toMatchObject({ status: 0 });
  const again = await ampframe(["logout", "--profile", "shop"], { env });
  expect(again).toMatchObject({ status: 0, stderr: "No keys were stored for the profile shop\n" });
});

test("keys that are refused are not stored, nor are those that could not be checked", async () => {
  const { url } = await served();
  const env = { HOME: emptyFolder() };
  const refused = await ampframe(["login", "--endpoint", url], { env, input: `${API}\nanother-canary-9f\n` });
  expect(refused.status).toBe(2);
  expect(refused.stderr).toMatch(/403/);
  const closed = await ampframe(["login", "--endpoint", "http://10.0.0.1"], { env, input: INPUT });
  expect(closed).toMatchObject({ status: 2 });
  for (const ran of [refused, closed]) expect(ran.stderr + ran.stdout).not.toMatch(/canary/);
  expect(readdirSync(env.HOME)).toEqual([]);
});

test.each([
  ["", /stdin has 0 lines that are not empty/],
  ["canary-only-one\n", /stdin has 1 lines that are not empty/],
  [`${INPUT}canary-three\n`, /stdin has 3 lines/],
  [`AMPLITUDE_API_KEY=${API}\n`, /The secret key is empty/],
  [`canary with space\n${SECRET}\n`, /The API key holds a character that no key has/],
  [`canary${"x".repeat(70_000)}`, /more than 64 KiB/],
])("stdin that holds no two keys is wrong use, and nothing of it is shown", async (input, words) => {
  const env = { HOME: emptyFolder() };
  const ran = await ampframe(["login", "--no-check", "--debug"], { env, input });
  expect(ran.status).toBe(2);
  expect(ran.stderr).toMatch(words);
  expect(ran.stderr).not.toMatch(/canary/);
  expect(readdirSync(env.HOME)).toEqual([]);
});

test("keys as options are refused, with the way that there is", async () => {
  const ran = await ampframe(["login", `--secret-key=${SECRET}`]);
  expect(ran.status).toBe(2);
  expect(ran.stderr).toContain("never given as options");
  expect(ran.stderr).not.toMatch(/canary/);
});

/** Runs `work` in this process, without a terminal, in a home folder of its own. */
async function here(
  work: typeof login,
  options: CliOptions,
  keyring: Keyring | undefined,
  home = emptyFolder(),
) {
  const said: string[] = [];
  const stderr = { write: (text: string | Uint8Array) => said.push(String(text)) > 0 };
  const invocation = {
    ...{
      args: [],
      options: { check: false, ...options },
      stdin: Readable.from([INPUT]),
      stderr,
      env: { HOME: home },
    },
    ...{
      stdout: new PassThrough(),
      now: Date.now,
      signal: AbortSignal.abort(),
      redaction: createRedaction(),
    },
  };
  const status = await work(invocation, () => keyring);
  return { status, said: said.join(""), home };
}

/** The package's part that is used, in memory. */
function fakePackage(broken = false) {
  const held = new Map<string, string>();
  class Entry {
    private readonly name: string;
    constructor(service: string, account: string, options: { linux: { store: string } }) {
      if (broken) throw new Error("no bus");
      this.name = `${service} ${account} ${options.linux.store}`;
    }
    getPassword = () => held.get(this.name) ?? null;
    setPassword = (text: string) => void held.set(this.name, text);
    deletePassword = () => held.delete(this.name);
  }
  return { held, keyring: openKeyring(() => ({ Entry })) };
}

test("where there is a keyring the keys go into it, and out of the file; logout takes them out of both", async () => {
  const { held, keyring } = fakePackage();
  const { home } = await here(login, {}, undefined);
  const file = join(home, ".config/ampframe/default.env");
  expect(readFileSync(file, "utf8")).toContain(SECRET);
  const { said } = await here(login, {}, keyring, home);
  expect(said).toBe("✓ Keys stored in the OS keyring, profile default (not checked)\n");
  expect([...held.keys()]).toEqual(["ampframe default secret-service"]);
  expect([...held.values()][0]).toContain(SECRET);
  expect(readdirSync(join(file, ".."))).toEqual([]);
  await here(login, { store: "file" }, keyring, home);
  expect(held.size).toBe(0);
  expect(readFileSync(file, "utf8")).toContain(SECRET);
  await here(login, { store: "keyring" }, keyring, home);
  expect((await here(logout, {}, keyring, home)).said).toBe(
    "Keys removed from the OS keyring, profile default\n",
  );
  expect(held.size).toBe(0);
});

test("a keyring that cannot be reached is told; --store keyring then stores nothing, and logout does not hide it", async () => {
  const { keyring } = fakePackage(true);
  const { said, home } = await here(login, {}, keyring);
  expect(said).toMatch(
    /^✓ Keys stored in \S+default\.env \(not checked\)\nThe OS keyring cannot be reached \(no bus\)\.\n$/,
  );
  expect((await here(logout, {}, keyring, home)).said).toMatch(/^Keys removed from \S+default\.env\n$/);
  await expect(here(logout, {}, keyring, home)).rejects.toThrow(
    /cannot be reached, so keys that it may hold/,
  );
  await expect(here(login, { store: "keyring" }, keyring, home)).rejects.toThrow(
    /cannot be stored in the keyring/,
  );
  await expect(here(login, { store: "keyring" }, undefined, home)).rejects.toThrow(
    /install @napi-rs\/keyring/,
  );
  expect(readdirSync(join(home, ".config/ampframe"))).toEqual([]);
  expect(
    openKeyring(() => {
      throw new Error("not installed");
    }),
  ).toBeUndefined();
});
