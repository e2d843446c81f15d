import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createWriteStream, existsSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { freePorts } from "../free-ports.js";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../..", import.meta.url));
const venv = join(root, ".cache", "spark-venv");
const jars = join(root, ".cache", "spark-jars");
/** Spark itself, from PyPI, and Delta Lake for it, from Maven Central. Exact versions, so that a failure is ours. */
const SPARK = "pyspark==4.0.1";
const DELTA = ["io.delta:delta-spark_2.13:4.0.1", "io.delta:delta-storage:4.0.1"];
/** What reads `s3a://`: the parts of Hadoop's version that Spark brings, and the SDK that it was built with, half a gigabyte. */
const S3A = ["org.apache.hadoop:hadoop-aws:3.4.1", "software.amazon.awssdk:bundle:2.24.6"];
/** Short queries are over before a better compiler pays. */
const JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

/** A master, workers, and a Spark Connect server, each a process of its own on loopback. */
export interface SparkCluster {
  /** `sc://127.0.0.1:…`. */
  readonly server: string;
  /** Ends one worker, and what it runs, without a word. */
  killWorker(): void;
  stop(): Promise<void>;
}

/** How a cluster is started. */
export interface SparkSettings {
  /** Options of the JVM. */
  readonly java?: string;
  /** The store that `s3a://` means; its credentials are those of the AWS SDK's variables in `env`. */
  readonly s3?: { readonly endpoint: string; readonly env: Readonly<Record<string, string>> };
}

/** Installs Spark into `.cache`, unless it is there, and starts it with so many workers of one core and 1 GB. */
export async function startSpark(
  workers: number,
  { java = JAVA, s3 }: SparkSettings = {},
): Promise<SparkCluster> {
  await install(s3 ? [...DELTA, ...S3A] : DELTA);
  const folder = await mkdtemp(join(tmpdir(), "ampframe-spark-"));
  const [port, ui, connectPort] = await freePorts(3);
  const home = join(venv, "lib", pythonIn(venv), "site-packages", "pyspark");
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...s3?.env,
    SPARK_HOME: home,
    SPARK_CONF_DIR: folder,
    SPARK_LOCAL_IP: "127.0.0.1",
    SPARK_NO_DAEMONIZE: "1",
  };
  await writeFile(join(folder, "log4j2.properties"), LOGGING);
  const processes: ChildProcess[] = [];
  const start = (name: string, command: string, options: readonly string[], more: NodeJS.ProcessEnv = {}) => {
    // A group of its own, so that what a process starts ends with it.
    const child = spawn(join(home, "bin", command), options, {
      ...{ env: { ...env, ...more }, cwd: folder, detached: true, stdio: ["ignore", "pipe", "pipe"] },
    });
    const log = createWriteStream(join(folder, `${name}.log`), { flags: "a" });
    for (const out of [child.stdout, child.stderr]) out?.pipe(log, { end: false });
    processes.push(child);
    return child;
  };
  const stop = async () => {
    for (const child of processes) await ended(child);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const daemon = { SPARK_DAEMON_MEMORY: "256m", SPARK_DAEMON_JAVA_OPTS: JAVA };
  const master = `spark://127.0.0.1:${port}`;
  const address = ["--host", "127.0.0.1"];
  try {
    const main = start(
      "master",
      "spark-class",
      [
        "org.apache.spark.deploy.master.Master",
        ...address,
        "--port",
        String(port),
        "--webui-port",
        String(ui),
      ],
      daemon,
    );
    await listens(port!, main);
    const own = Array.from({ length: workers }, (_, i) =>
      start(
        `worker${i}`,
        "spark-class",
        [
          ...["org.apache.spark.deploy.worker.Worker", ...address, "--cores", "1", "--memory", "1g"],
          ...["--work-dir", join(folder, "work"), master],
        ],
        daemon,
      ),
    );
    const settings = {
      ...SETTINGS,
      ...(s3 ? s3aSettings(s3.endpoint) : {}),
      "spark.connect.grpc.binding.port": String(connectPort),
    };
    const server = start("server", "spark-submit", [
      ...["--master", master, "--driver-memory", "1g", "--executor-memory", "1g", "--executor-cores", "1"],
      ...["--jars", (s3 ? [...DELTA, ...S3A] : DELTA).map(jarOf).join(",")],
      ...["--driver-java-options", java, "--conf", `spark.executor.extraJavaOptions=${java}`],
      ...["--conf", `spark.sql.warehouse.dir=${join(folder, "warehouse")}`],
      ...Object.entries(settings).flatMap(([name, value]) => ["--conf", `${name}=${value}`]),
      ...["--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal"],
    ]);
    await listens(connectPort!, server);
    return {
      server: `sc://127.0.0.1:${connectPort}`,
      killWorker: () => kill(own.pop()),
      stop,
    };
  } catch (error) {
    const said = await readFile(join(folder, "server.log"), "utf8").catch(() => "");
    await stop();
    throw new Error(`Spark did not start: ${said.slice(-2000)}`, { cause: error });
  }
}

const SETTINGS = {
  "spark.driver.host": "127.0.0.1",
  "spark.connect.grpc.binding.address": "127.0.0.1",
  "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
  "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
  "spark.databricks.delta.snapshotPartitions": "1",
  "spark.sql.shuffle.partitions": "2",
  "spark.ui.enabled": "false",
};

function s3aSettings(endpoint: string): Record<string, string> {
  return {
    "spark.hadoop.fs.s3a.endpoint": endpoint,
    "spark.hadoop.fs.s3a.endpoint.region": "us-east-1",
    "spark.hadoop.fs.s3a.path.style.access": "true",
    "spark.hadoop.fs.s3a.connection.ssl.enabled": "false",
    "spark.hadoop.fs.s3a.aws.credentials.provider":
      "software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider",
  };
}

const LOGGING = `rootLogger.level = warn
rootLogger.appenderRef.stdout.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %p %c{1}: %m%n
`;

/** Where the jar of an artifact lies. */
function jarOf(artifact: string): string {
  const [, name, version] = artifact.split(":");
  return join(jars, `${name}-${version}.jar`);
}

async function install(artifacts: readonly string[]): Promise<void> {
  const mark = join(venv, `${SPARK.replaceAll("=", "-")}.ready`);
  if (!existsSync(mark)) {
    await mkdir(join(root, ".cache"), { recursive: true });
    await run("python3", ["-m", "venv", "--clear", venv]);
    const python = join(venv, "bin", "python");
    await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", SPARK]);
    await writeFile(mark, "");
  }
  for (const artifact of artifacts.filter((each) => !existsSync(jarOf(each)))) {
    await run("mvn", ["-q", "dependency:get", `-Dartifact=${artifact}`, "-Dtransitive=false"], { cwd: venv });
    const copy = [`-Dartifact=${artifact}`, `-DoutputDirectory=${jars}`, "-Dmdep.useBaseVersion=true"];
    await run("mvn", ["-q", "dependency:copy", ...copy], { cwd: venv });
  }
}

function pythonIn(folder: string): string {
  return readdirSync(join(folder, "lib")).find((name) => name.startsWith("python")) ?? "python3";
}

async function listens(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (child.exitCode !== null) throw new Error(`it ended with status ${child.exitCode}`);
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (isOpen) return;
    await sleep(500);
  }
  throw new Error(`nothing listens on port ${port}`);
}

function kill(child: ChildProcess | undefined): void {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  kill(child);
  await end;
}
