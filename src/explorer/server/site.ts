import { readFile } from "node:fs/promises";
import { extname } from "node:path";

/** A file of the page. */
export interface SiteFile {
  readonly type: string;
  readonly bytes: Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};
/** Names without anything that leads out of the folder. */
const PATH = /^(?:\/[\w-][\w.-]*)+$/;
/** A view of the page, which lies in `index.html` as all do. */
const VIEW = /^\/(?:[\w-]+)?$/;

/** The file of the folder `site` that `path` names; views are `index.html`. Undefined if there is none. */
export async function siteFile(site: URL, path: string): Promise<SiteFile | undefined> {
  if (isView(path)) return (await fileAt(site, "/index.html")) ?? PLACEHOLDER;
  return PATH.test(path) ? fileAt(site, path) : undefined;
}

/** True if `path` is that of a view. */
export function isView(path: string): boolean {
  return VIEW.test(path);
}

async function fileAt(site: URL, path: string): Promise<SiteFile | undefined> {
  const type = TYPES[extname(path)];
  if (type === undefined) return undefined;
  try {
    return { type, bytes: await readFile(new URL(`.${path}`, site)) };
  } catch {
    return undefined;
  }
}

const PLACEHOLDER: SiteFile = {
  type: "text/html; charset=utf-8",
  bytes: Buffer.from(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>ampframe</title><p>The explorer's page was not built: run npm run build.</p></html>`,
  ),
};
