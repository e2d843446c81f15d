import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { ampframe, emptyFolder } from "../cli/run.js";
import { noon, replayed } from "../pipeline/scene.js";
import { type DownloadFault, formsOf } from "./download-faults.js";
import { startRawServer } from "./raw-server.js";
import { API_KEY, EVENTS, SECRET_KEY } from "./try-download.js";

const FORMS = formsOf(`${API_KEY}:${SECRET_KEY}`).map((form) => form.slice(0, 12));
const RANGE = ["--from", "2026-11-21", "--to", "2026-11-22"];

/** Whether the real command, with its own limits, is done with the fault in seconds. */
export const isSoon = ({ name }: DownloadFault) => !/^(stall|one byte at a time)$/.test(name);

/**
 * Pulls through one `fault` with the real command, as text and as JSON, with all that it can tell of itself. No form
 * of a key may stand in what it printed, in its log file or in the lake. Gives the exit statuses.
 */
export async function tryCommand(fault: DownloadFault): Promise<(number | null)[]> {
  return Promise.all([[], ["--json"], ["--quiet"]].map((mode) => pulled(fault, mode)));
}

async function pulled({ answer, name }: DownloadFault, mode: readonly string[]): Promise<number | null> {
  const emulator = await replayed(noon(), EVENTS, { apiKey: API_KEY, secretKey: SECRET_KEY });
  const server = await startRawServer(emulator, { answer, times: 1, befalls: () => true });
  try {
    const folder = emptyFolder();
    const [lake, log] = [join(folder, "lake"), join(folder, "log.ndjson")];
    const args = [
      "pull",
      "--lake",
      lake,
      "--endpoint",
      server.origin,
      "--debug",
      "--log-file",
      log,
      ...RANGE,
    ];
    const env = { AMPLITUDE_API_KEY: API_KEY, AMPLITUDE_SECRET_KEY: SECRET_KEY };
    const ran = await ampframe([...args, ...mode], { env, cwd: folder });
    // A run that said and wrote nothing would hide nothing.
    expect(readFileSync(log, "utf8"), name).toContain('"event":"request"');
    expect(existsSync(join(lake, "_delta_log"))).toBe(true);
    const texts = [["stdout", ran.stdout], ["stderr", ran.stderr], ...filesIn(folder)];
    for (const form of FORMS) {
      expect(texts.filter(([, text]) => text?.includes(form)).map(([where]) => where)).toEqual([]);
    }
    return ran.status;
  } finally {
    await server.close();
  }
}

function filesIn(folder: string): string[][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => [path, `${path}\n${readFileSync(path, "latin1")}`]);
}
