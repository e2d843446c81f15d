// Pictures of every page of the explorer in both themes, for README: `npm run screenshots`. Writes docs/images/explorer-*.png.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { writeLake } from "../dist/index.js";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const IMAGES = join(ROOT, "docs/images");
const SIZE = { width: 1280, height: 800 };
const PAGES = {
  overview: "/?event=Product+Viewed&event=Search",
  events: "/events",
  users: "/users",
  schema: "/schema",
  analyses: "/analyses",
  sql: "/sql",
  copy: "/copy",
};

const folder = mkdtempSync(join(tmpdir(), "ampframe-screenshots-"));
const lake = join(folder, "shop");
await writeLake({ lake, days: 21, eventsPerDay: 2000, seed: 1 });
const server = spawn(
  process.execPath,
  [join(ROOT, "dist/main.js"), "explore", "--no-open", "--json", "--lake", lake],
  { stdio: ["ignore", "pipe", "inherit"] },
);
const browser = await chromium.launch({
  executablePath: process.env.AMPFRAME_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
try {
  mkdirSync(IMAGES, { recursive: true });
  const page = await browser.newPage({ viewport: SIZE, reducedMotion: "reduce" });
  const url = await addressOf(server);
  await page.goto(url);
  for (const [name, path] of Object.entries(PAGES)) {
    await page.goto(new URL(path, url).href);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await page.waitForLoadState("networkidle");
      await page.waitForTimeout(500);
      await page.screenshot({ path: join(IMAGES, `explorer-${name}-${colorScheme}.png`) });
    }
    console.log(`docs/images/explorer-${name}-*.png`);
  }
} finally {
  await browser.close();
  server.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}

/** The address that the server prints. */
async function addressOf({ stdout }) {
  let text = "";
  for await (const piece of stdout) {
    text += piece;
    const found = /http:\/\/127\.0\.0\.1:\d+\/[^"\s]+/.exec(text);
    if (found) return found[0];
  }
  throw new Error("The explorer did not start.");
}
