// Builds the explorer's page to dist/explorer/: a chunk for each page, minified, and one style sheet.
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "rolldown";

const CLIENT = "src/explorer/client";
/** These first, in this order; of the others the order does not matter. */
const FIRST = ["style/base.css", "style/controls.css", "style/shell.css"];

/** Builds below `root`; gives the paths of the modules that are in it. */
export async function buildExplorer(root) {
  const client = join(root, CLIENT);
  const dir = join(root, "dist/explorer");
  const { output } = await build({
    cwd: root,
    input: { app: `${CLIENT}/main.tsx` },
    platform: "browser",
    resolve: { extensionAlias: { ".js": [".tsx", ".ts", ".js"] } },
    transform: { target: "es2023" },
    output: {
      dir,
      format: "esm",
      minify: true,
      entryFileNames: "[name].js",
      chunkFileNames: "[name]-[hash].js",
    },
  });
  const chunks = output.filter((chunk) => chunk.type === "chunk");
  const foreign = chunks.flatMap(({ imports }) =>
    imports.filter((name) => !chunks.some((one) => one.fileName === name)),
  );
  if (foreign.length > 0) throw new Error(`The page imports ${foreign.join(", ")}, which no browser has.`);
  for (const name of ["index.html", "icon.svg"]) copyFileSync(join(client, name), join(dir, name));
  writeFileSync(join(dir, "app.css"), styleSheet(client));
  return chunks.flatMap(({ moduleIds }) => moduleIds);
}

function styleSheet(client) {
  const found = readdirSync(client, { recursive: true })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => name.endsWith(".css"))
    .toSorted();
  const ordered = [
    ...FIRST.filter((name) => found.includes(name)),
    ...found.filter((name) => !FIRST.includes(name)),
  ];
  return ordered
    .map((name) => readFileSync(join(client, name), "utf8"))
    .join("\n")
    .replace(/\/\*.*?\*\//gs, "")
    .replace(/^\s+/gm, "");
}
