// The licences of the packages whose code is bundled into dist/, as they ask for it. Fails on a licence not yet looked at.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const LICENCES = new Set(["ISC", "MIT", "BSD-3-Clause"]);
const PACKAGE = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/;

/** The text of the notices for the modules with these paths. */
export function thirdPartyNotices(modules) {
  const folders = [...new Set(modules.flatMap((path) => PACKAGE.exec(path)?.[0] ?? []))];
  const notices = folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    if (!LICENCES.has(license)) throw new Error(`${name} has the licence ${license}: look at it first.`);
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} has no file with its licence.`);
    return { name: `${name} ${version} (${license})`, text: readFileSync(join(folder, file), "utf8").trim() };
  });
  notices.sort((a, b) => (a.name < b.name ? -1 : 1));
  const head = "Parts of these packages are bundled into the files of this folder.";
  return `${[head, ...notices.map(({ name, text }) => `${name}\n\n${text}`)].join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}
