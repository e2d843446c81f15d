import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SchemaContent, SchemaProperty } from "../../src/frame/schema/schema-types.js";
import { schemaTypes } from "../../src/frame/schema/to-typescript.js";

const ROOT = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "ampframe-types-"));
mkdirSync(join(folder, "node_modules"));
symlinkSync(ROOT, join(folder, "node_modules/ampframe"), "junction");
writeFileSync(join(folder, "package.json"), '{"type":"module"}');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const property = (event: string | null, name: string, type: string, fill: number) =>
  ({
    ...{ event, name, type, fill, path: [name] },
    column: event === null ? "user_properties" : "event_properties",
  }) as unknown as SchemaProperty;
const SCHEMA = {
  ...{ lake: "", version: 1, count: 10, trendDays: [], changes: [] },
  events: [{ name: "Order Completed" }, { name: 'Odd "name"*/' }],
  properties: [
    property("Order Completed", "price", "double", 1),
    property("Order Completed", "order_id", "int64", 0.5),
    property("Order Completed", "tags", "list<text>", 1),
    property("Order Completed", "products", "json", 1),
    property('Odd "name"*/', 'a"b\n\u2028`$', "timestamp", 1),
    property('Odd "name"*/', "price", "text", 1),
    property(null, "user_properties.plan", "text", 0.9),
  ],
} as unknown as SchemaContent;

const FRAME = 'const lake = await openLake("x");\n';
const ROWS = "for await (const row of frame.rows()) {";

/** Programs that are compiled beside the generated declarations. */
const TYPED = {
  right: `${FRAME}
    const frame = lake.frame({ events: ["Order Completed"], columns: ["uuid"],
      properties: ["price", "order_id", "tags", "user_properties.plan", { property: "x", as: "y", type: "int64" }] });
    ${ROWS} const price: number = row.price; const id: bigint | null = row.order_id;
      const tags: readonly (string | null)[] = row.tags; const plan: string | null = row["user_properties.plan"];
      const y: bigint | null = row.y; const uuid: string = row.uuid; console.log(price, id, tags, plan, y, uuid); }
    for await (const row of lake.frame<"Order Completed">({ events: "Order Completed", properties: ["price"] }).rows()) {
      const price: number | undefined = row.price; console.log(price); }`,
  wrong: `${FRAME}lake.frame({ events: ["Order Completed"], properties: ["prise"] });
    lake.frame({ properties: ["nowhere"] });
    for await (const row of lake.frame({ events: "Order Completed", properties: ["order_id"] }).rows()) {
      const id: number = row.order_id; console.log(id); }
    for await (const row of lake.frame({ properties: ["price"] }).rows()) {
      const price: number = row.price; console.log(price); }`,
};
const ALL = `${FRAME}
    const frame = lake.frame({ columns: ["uuid"], properties: "all" });
    ${ROWS} console.log(row.uuid.length, row["event_properties.price"] === null); }
    await frame.explode("event_properties.products").orderBy("user_properties.plan").show();
    console.log((await frame.valueCounts("group_properties.company.seats"))[0]?.count);`;
/** Programs that are compiled without them. */
const PLAIN = {
  any: `${FRAME}const frame = lake.frame({ events: ["Any"], columns: ["uuid"], properties: ["any", "thing"] });
    import type { PropertyValue } from "ampframe";
    ${ROWS} const any: PropertyValue = row.any; console.log(any, row.thing, row.uuid); }
    lake.frame({ events: ["x"] as string[], properties: ["y"] as string[] });`,
  all: ALL,
  exploded: `${ALL} frame.explode("products");`,
};
const OPTIONS: ts.CompilerOptions = {
  ...{ noEmit: true, strict: true, skipLibCheck: true, types: ["node"] },
  ...{ module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2023 },
  typeRoots: [join(ROOT, "node_modules/@types")],
};
const host = ts.createCompilerHost(OPTIONS);
host.getCurrentDirectory = () => folder;

/** What the compiler says, by program. All are one program to it, as the package's own types take most of its time. */
const said = new Map<string, string>();
let before: ts.Program | undefined;
function compile(programs: Readonly<Record<string, string>>, declarations: readonly string[]): void {
  const files = Object.entries(programs).map(([name, code]) => {
    const file = join(folder, `${name}.ts`);
    writeFileSync(file, `import { openLake } from "ampframe";\n${code}`);
    return [name, file] as const;
  });
  const roots = [...files.map(([, file]) => file), ...declarations];
  const program = ts.createProgram(roots, OPTIONS, host, before);
  before = program;
  expect(program.getGlobalDiagnostics().concat(program.getOptionsDiagnostics())).toEqual([]);
  for (const declared of declarations) {
    expect(program.getSyntacticDiagnostics(program.getSourceFile(declared))).toEqual([]);
  }
  for (const [name, file] of files) {
    const source = program.getSourceFile(file);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    said.set(name, ts.formatDiagnostics(found, host));
  }
}
beforeAll(() => {
  compile(PLAIN, []);
  const declarations = join(folder, "events.d.ts");
  writeFileSync(declarations, schemaTypes(SCHEMA));
  compile(TYPED, [declarations]);
});

test("with the generated declarations rows are typed by event type", () => {
  expect(said.get("right")).toBe("");
});

test("a name that does not occur, or a value of another type, does not compile", () => {
  const words = said.get("wrong");
  for (const line of [3, 4, 6, 8]) expect(words).toContain(`wrong.ts(${line},`);
  expect(words?.match(/error TS/g)).toHaveLength(4);
});

test("without them any name will do, and a value is what a property may be", () => {
  expect(said.get("any")).toBe("");
});

test("of all properties the full names are columns, in rows and in methods, and others are not", () => {
  expect(said.get("all")).toBe("");
  expect(said.get("exploded")).toMatch(/"products"' is not assignable/);
});
