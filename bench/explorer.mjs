// How long one waits in the explorer of a lake, in Chromium: `node bench/explorer.mjs LAKE [--answers]`, after `npm run build`.
// Nothing is kept from one page to the next: each is opened in a new tab. `--answers` tells every question and its time, too.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";

const MAIN = join(dirname(fileURLToPath(import.meta.url)), "../dist/main.js");
const BRUSHES = 20;
const VIEW = { width: 1280, height: 860 };
/** What is there once a page says something, by path. */
const PAGES = {
  "/": "[data-figure=events]",
  "/events": "[role=gridcell] .muted",
  "/users": "[role=gridcell] a",
  "/schema": "main button",
  "/analyses": "main figure",
  "/sql": "main textarea",
  "/copy": ".copy-cell",
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { answers: { type: "boolean" }, only: { type: "string" } },
});
const [lake] = positionals;
if (lake === undefined) {
  console.error("node bench/explorer.mjs LAKE [--answers] [--only start,brush,events,users,pages]");
  process.exit(2);
}
const parts = values.only?.split(",") ?? ["start", "brush", "events", "users", "pages"];

const browser = await chromium.launch({
  executablePath: process.env.AMPFRAME_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const context = await browser.newContext({ viewport: VIEW, reducedMotion: "reduce" });
const warm = await context.newPage();
await warm.goto("about:blank");
const began = performance.now();
const server = spawn(process.execPath, [MAIN, "explore", "--no-open", "--json", "--lake", lake], {
  stdio: ["ignore", "pipe", "inherit"],
});
try {
  const [line] = await once(createInterface(server.stdout), "line");
  tell("server listening, from the command", performance.now() - began);
  const { url } = JSON.parse(line);
  const opened = performance.now();
  await warm.goto(url, { waitUntil: "commit" });
  await there(warm, PAGES["/"]);
  tell("first picture of the Overview, from opening", performance.now() - opened);
  tell("  the same, from the command", performance.now() - began);
  const at = (path) => new URL(path, url).href;
  if (parts.includes("brush")) await brushes(warm);
  await warm.close();
  if (parts.includes("events")) await events(await tab(context), at("/events"));
  if (parts.includes("users")) await users(await tab(context), at("/users"));
  if (parts.includes("pages")) {
    for (const [path, selector] of Object.entries(PAGES)) {
      const page = await tab(context);
      const start = performance.now();
      await page.goto(at(path), { waitUntil: "commit" });
      await there(page, selector);
      tell(`first content of ${path}`, performance.now() - start);
      await page.close();
    }
  }
} finally {
  await browser.close();
  server.kill("SIGINT");
}

/** A tab that tells its questions, if that is wanted. */
async function tab(context) {
  const page = await context.newPage();
  if (values.answers) {
    const asked = new Map();
    page.on("request", (request) => asked.set(request, performance.now()));
    page.on("requestfinished", (request) => {
      if (!request.url().includes("/api/")) return;
      const ms = performance.now() - asked.get(request);
      tell(`    ${request.url().split("/api/")[1]} ${request.postData()?.slice(0, 90)}`, ms);
    });
  }
  return page;
}

/** Waits until an element has text, or is drawn. */
async function there(page, selector) {
  await page.waitForFunction(
    (selector) => {
      const element = document.querySelector(selector);
      return element !== null && element.textContent !== "…" && element.getBoundingClientRect().width > 0;
    },
    selector,
    { polling: "raf", timeout: 60_000 },
  );
}

/** From a movement of the pointer to the picture of what it picks: all charts, drawn. */
async function brushes(page) {
  const users = page.locator("[data-figure=users]");
  await page.waitForFunction((element) => element?.textContent !== "…", await users.elementHandle());
  const box = await page.getByRole("group", { name: /^Events: / }).boundingBox();
  await page.evaluate(() => {
    globalThis.brushTimes = [];
    const seen = (event) => {
      if (event.buttons === 0) return;
      const start = event.timeStamp;
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => globalThis.brushTimes.push(performance.now() - start);
        port2.postMessage("");
      });
    };
    addEventListener("pointermove", seen, { capture: true });
  });
  await page.mouse.move(box.x + 60, box.y + 60);
  await page.mouse.down();
  for (let i = 1; i <= BRUSHES; i++) {
    await page.mouse.move(box.x + 60 + ((box.width - 70) / BRUSHES) * i, box.y + 60);
    await page.waitForFunction((n) => globalThis.brushTimes.length >= n, i);
  }
  const times = await page.evaluate(() => globalThis.brushTimes);
  await page.mouse.up();
  const sorted = times.toSorted((a, b) => a - b);
  tell(`brush to picture, median of ${sorted.length}`, sorted[sorted.length >> 1]);
  tell("  slowest", sorted.at(-1));
}

/** First rows, the number of all, and the rows of a far place. */
async function events(page, address) {
  let start = performance.now();
  await page.goto(address, { waitUntil: "commit" });
  await there(page, PAGES["/events"]);
  tell("events: first rows", performance.now() - start);
  await page.locator(".time-strip-bars").waitFor();
  tell("events: all counted", performance.now() - start);
  const whole = async () => {
    await page.waitForFunction(() => document.querySelector(".table")?.ariaBusy === "false", undefined, {
      polling: "raf",
    });
  };
  const first = () => page.locator(".table-row").nth(8).textContent();
  for (const share of [0.2, 0.7, 0.45]) {
    const before = await first();
    const box = await page.locator(".time-strip-bars").boundingBox();
    start = performance.now();
    await page.mouse.click(box.x + box.width * share, box.y + 10);
    await page.waitForFunction(
      (before) => document.querySelectorAll(".table-row")[8]?.textContent !== before,
      before,
      { polling: "raf" },
    );
    await whole();
    tell(`events: a jump to ${share * 100} % of the time`, performance.now() - start);
  }
  for (const column of ["user_id", "event_type"]) {
    start = performance.now();
    await page.getByTitle(`${column}: sort`).click();
    await page.waitForFunction(
      (column) =>
        document.querySelector(".events-table")?.ariaBusy === "false" &&
        document.querySelector("[aria-sort=ascending]")?.textContent?.startsWith(column),
      column,
      { polling: "raf", timeout: 60_000 },
    );
    tell(`events: sorted by ${column}`, performance.now() - start);
  }
  await page.close();
}

/** The newest users, a search by a part of an id, and one user. */
async function users(page, address) {
  let start = performance.now();
  await page.goto(address, { waitUntil: "commit" });
  await there(page, PAGES["/users"]);
  tell("users: last seen first", performance.now() - start);
  const link = page.locator("[role=gridcell] a");
  const name = (await link.nth(20).textContent()) ?? "";
  for (const search of [name, name.slice(0, Math.ceil(name.length * 0.6))]) {
    start = performance.now();
    const answered = page.waitForResponse(
      (response) =>
        response.url().endsWith("/api/users") &&
        (response.request().postData() ?? "").includes(`"search":${JSON.stringify(search)}`),
      { timeout: 60_000 },
    );
    await page.getByRole("searchbox").fill(search);
    await answered;
    await page.waitForFunction(() => document.querySelector(".users-table")?.ariaBusy === "false");
    tell(`users: search for ${search}`, performance.now() - start);
  }
  start = performance.now();
  await link.first().click();
  await page.locator(".timeline-event").first().waitFor();
  tell("users: one user's timeline", performance.now() - start);
  await page.close();
}

function tell(what, ms) {
  console.log(`${what.padEnd(60)} ${Math.round(ms).toString().padStart(7)} ms`);
}
