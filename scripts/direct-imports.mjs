// What a command does not use shall be in no file that it loads, and what it uses in few, for both cost at every start.
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const PASSED_ON = /export \{([^}]*)\} from "(\.[^"]+)";/g;
const FROM_INDEX = /import \{([^}]*)\} from "(\.[^"]*\/index\.js)";/g;
const STATIC = /^(?:import|export)\s[^;]*?from "([^"]+)";|^import "([^"]+)";/gm;

/**
 * The modules of `folder`, where TypeScript has compiled them to, as if each name were imported from the file where it
 * is made, and not from an index.js that only passes it on.
 */
export function directImports(folder) {
  const known = new Map();

  /** Of a file that only passes names on: what each is called and in which file. Of others: nothing. */
  function passedOn(path) {
    if (known.has(path)) return known.get(path);
    const code = readFileSync(path, "utf8");
    const rest = code.replace(PASSED_ON, "").replace(/\/\/.*|\/\*[\s\S]*?\*\//g, "");
    const names = rest.trim() === "" ? new Map() : undefined;
    known.set(path, names);
    for (const [, list, from] of names ? code.matchAll(PASSED_ON) : []) {
      for (const [name, as] of namesIn(list)) names.set(as, origin(join(dirname(path), from), name));
    }
    return names;
  }

  const origin = (path, name) => passedOn(path)?.get(name) ?? { path, name };

  function direct(id, statement, list, from) {
    const index = join(dirname(id), from);
    if (!passedOn(index)) return statement;
    const imports = namesIn(list).map(([name, as]) => {
      const made = origin(index, name);
      const to = relative(dirname(id), made.path).replaceAll("\\", "/");
      return `import { ${made.name} as ${as} } from "${to.startsWith(".") ? to : `./${to}`}";`;
    });
    return imports.join("\n");
  }

  const rewritten = (code, id) => code.replace(FROM_INDEX, (...found) => direct(id, ...found));

  return {
    plugin: {
      name: "direct-imports",
      transform: (code, id) => (id.startsWith(folder) ? rewritten(code, id) : null),
    },

    /** The modules that are loaded before the first of those at `paths` begins, and the names of packages among them. */
    neededBy(...paths) {
      const needed = new Set();
      const visit = (path) => {
        if (needed.has(path)) return;
        needed.add(path);
        for (const [, from, alone] of rewritten(readFileSync(path, "utf8"), path).matchAll(STATIC)) {
          const name = from ?? alone;
          if (name.startsWith(".")) visit(join(dirname(path), name));
          else needed.add(name);
        }
      };
      for (const path of paths) visit(join(folder, path));
      return needed;
    },
  };
}

/** `a, b as c` as pairs of a name and what it is called from there on. */
function namesIn(list) {
  const names = list.split(",").map((part) => part.trim());
  return names.filter((part) => part !== "").map((part) => [...part.split(/\s+as\s+/), part].slice(0, 2));
}
