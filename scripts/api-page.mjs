// Writes docs/api.md from the declarations and docstrings in build/ (run `npm run docs:api`, which builds first).
// With --check it writes nothing and exits 1 if the page is not what it would write.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const BUILD = fileURLToPath(new URL("../build/", import.meta.url));
const PAGE = new URL("../docs/api.md", import.meta.url);

/** The contents, by hand: every public name once. */
const SECTIONS = {
  "The whole way in one call": ["loadEvents", "LoadEventsOptions"],
  "A lake and its frames": [
    ...[
      "openLake",
      "OpenLakeOptions",
      "Lake",
      "LakeExtent",
      "EventFrame",
      "Frame",
      "FrameOptions",
      "QueryFrame",
      "EventRow",
    ],
    ...[
      "Condition",
      "openConfinedLake",
      "ConfinedLakeOptions",
      "ConfinedLake",
      "SelectOptions",
      "SelectedRows",
    ],
    ...["openSparkLake", "SparkLakeOptions", "SparkOptions", "SparkProgress"],
    ...["RemoteLake", "RemoteEvents", "RemoteEventsOptions", "RemoteAnswer"],
    ...["Properties", "PropertyOptions", "PropertyType", "PropertyColumn", "Property"],
    ...["Interval", "ResampleOptions", "Resampled", "Weekday", "TimelineColumns", "User", "Exploded"],
    ...["JoinOptions", "JoinKind", "Joined", "OrderOptions", "ArrayOptions", "SqlValue", "FrameTable"],
    ...["promote", "PromoteOptions", "PromoteChange", "PromoteReport"],
    ...["SchemaOptions", "SchemaProgress", "Schema", "SchemaEvent", "SchemaProperty", "SchemaExample"],
    ...["SchemaChange", "PlanDeviation", "EventTypes", "UserProperties", "PropertyName", "PropertyValue"],
    ...["AskedProperties", "FrameRow"],
    ...["QueryOptions", "Param", "Params", "Column", "ColumnType", "Value"],
  ],
  "Bringing events in": [
    ...[
      "pull",
      "PullOptions",
      "PullReport",
      "ReplacedHour",
      "pullEvery",
      "PullEveryOptions",
      "PullRound",
      "planPull",
      "PullPlan",
      "load",
      "LoadOptions",
      "LoadReport",
      "loadOnSpark",
      "LoadOnSparkOptions",
      "prepareDecoders",
      "PromotionFailure",
    ],
    ...[
      "checkCredentials",
      "CheckCredentialsOptions",
      "Limits",
      "LimitName",
      "DEFAULT_LIMITS",
      "Totals",
      "Refusal",
      "Progress",
      "Credentials",
      "Region",
    ],
  ],
  "What a lake holds, and the proof": [
    ...["status", "StatusOptions", "LakeStatus", "SourceStatus", "HourStatus", "Gap", "DiskUse"],
    ...["SyncStatus", "SyncState"],
    ...["verify", "VerifyOptions", "VerifyReport", "DeepReport", "AgainstOptions", "AgainstReport", "Fault"],
    ...["Hour", "HourRange"],
  ],
  "Looking after a lake": [
    ...["compact", "CompactOptions", "CompactReport", "planCompact", "CompactPlan", "CompactionDay"],
    ...["isBucketUrl", "copyLake", "CopyOptions", "CopyReport"],
    ...["FilesAndBytes", "quarantine", "QuarantineOptions", "QuarantineReport", "QuarantineReason"],
    ...["QuarantineExample", "retryQuarantine", "RetryOptions", "RetryReport"],
    ...[
      "forget",
      "ForgetOptions",
      "PersonIds",
      "WhomOptions",
      "ForgetReport",
      "DeletionsSummary",
      "PersonLines",
    ],
    ...["planForget", "ForgetPlan", "amplitudeDeletions", "DeletionsOptions", "AmplitudeDeletions"],
  ],
  Analyses: [
    ...["AnalysisSource", "AnalysisOptions", "AnalysisInterval", "Segment", "Identity", "MergedId"],
    ...["EventChoice", "PropertyFilter", "FilterOperator", "FilterValue", "AnalysisResult", "Explanation"],
    ...["segmentation", "SegmentationOptions", "Measure", "PropertyMeasure", "SegmentationResult"],
    ...["SegmentationRow", "SegmentationTotal"],
    ...["retention", "RetentionOptions", "RetentionRow"],
    ...["activeUsers", "ActiveUsersOptions", "ActiveUsersRow", "HistoryOptions"],
    ...["rollingActiveUsers", "RollingActiveUsersOptions", "RollingActiveUsersRow"],
    ...["lifecycle", "LifecycleOptions", "LifecycleRow"],
    ...["stickiness", "StickinessOptions", "StickinessRow"],
    ...[
      "sessions",
      "SessionsOptions",
      "SessionsRow",
      "sessionLengths",
      "SessionLengthsOptions",
      "SessionLengthsRow",
    ],
    ...["SessionLengthOptions", "composition", "CompositionOptions", "CompositionRow"],
    ...["distribution", "DistributionOptions", "DistributionRow"],
    ...["engagement", "EngagementOptions", "EngagementRow"],
    ...["usageInterval", "UsageIntervalOptions", "UsageIntervalRow"],
    ...["revenue", "RevenueOptions", "RevenueRow", "RevenueSource"],
    ...["lifetimeValue", "LifetimeValueOptions", "LifetimeValueRow"],
    ...["paths", "PathsOptions", "PathsRow"],
    ...["funnel", "FunnelOptions", "FunnelOrder", "FunnelExclusion", "FunnelResult", "FunnelRow"],
    ...["funnelUsers", "FunnelReached", "FunnelUser"],
    ...["runAnalysis", "AnalysisDefinition", "AnalysisName", "DefinitionOf", "RanAnalysis", "RanRow"],
    ...["eventCube", "EventCubeOptions", "EventCube", "userCounts", "UserCountsOptions", "UserCount"],
    ...["propertyValues", "PropertyValueOptions", "PropertyValues", "PropertyValueCount"],
    ...["eventCondition", "EventConditions", "EventSelection", "selectedEvents"],
    ...["savedAnalyses", "SavedAnalysis", "savedAnalysis", "saveAnalysis", "deleteAnalysis"],
    ...["boards", "AnalysisBoard", "saveBoard", "deleteBoard"],
    ...["parseEvent", "eventText", "parseFilters", "filtersText", "UnknownName", "WarningOptions"],
    ...["Chart", "ChartUnit", "LineChart", "BarChart", "StackChart", "FunnelChart", "HeatMap", "FlowChart"],
  ],
  Cohorts: [
    ...["cohort", "CohortOptions", "CohortRow", "CohortDefinition", "DidClause", "DidNotClause", "HadClause"],
    ...[
      "NewClause",
      "CohortTime",
      "CohortAmount",
      "saveCohort",
      "SaveCohortOptions",
      "SavedCohort",
      "CohortLake",
    ],
    ...["cohorts", "deleteCohort", "amplitudeEvents", "AmplitudeEventsOptions", "ListedEvent"],
  ],
  "Fields of an event": ["FIELDS", "Field", "FieldKind", "FieldName", "ColumnName"],
  Errors: [
    ...["AmpframeError", "isAmpframeError", "ExitStatus", "UsageError", "CredentialsError", "DownloadError"],
    ...["ArchiveError", "LakeError", "QueryError", "CancelledError"],
  ],
  "The emulator": [
    ...["startEmulator", "EmulatorOptions", "Emulator", "parseFault", "FaultRule"],
    ...["writeArchives", "ArchiveOptions", "writeMembers", "MemberOptions", "WrittenArchives"],
    ...["writeLake", "WriteLakeOptions"],
  ],
};
const SUBPATHS = {
  polars: ["toPolars", "PolarsDataFrame"],
  arrow: ["toArrow", "ArrowOptions", "ArrowTable"],
  arquero: ["toArquero", "ArqueroOptions", "ArqueroTable"],
};
/** What has a place in SECTIONS though it has no import, since others extend it. */
const BASES = { Frame: "EventFrame" };
/** Members and parameters for the package's own parts and tests. */
const WIDTH = 110;
const INTERNAL = new Set(["statement", "effects", "now"]);
/** Names on the page for types that share theirs with a public one. @type {Record<string, string>} */
const ALIASES = { "emulator/fault.d.ts#Fault": "EmulatorFault" };

const doors = ["index", ...Object.keys(SUBPATHS)].map((name) => `${BUILD}${name}.d.ts`);
const program = ts.createProgram(doors, { module: ts.ModuleKind.NodeNext, types: ["node"], strict: true });
const checker = program.getTypeChecker();

/** The declared symbol behind what may be an import's name. @param {ts.Symbol} symbol */
const target = (symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
/** Names that a door exports. @param {string} door */
const exportsOf = (door) => {
  const file = program.getSourceFile(`${BUILD}${door}.d.ts`);
  const symbol = file && checker.getSymbolAtLocation(file);
  if (!symbol) throw new Error(`build/${door}.d.ts is missing: run \`npm run build\`.`);
  return new Map(checker.getExportsOfModule(symbol).map((entry) => [entry.name, target(entry)]));
};

/** Symbols that have a place on the page, and under which name. @type {Map<ts.Symbol, string>} */
const placed = new Map();
/** Symbols that a printed text names and that have no place yet. @type {Map<ts.Symbol, string>} */
const named = new Map();

/** @param {ts.Node} node */
const ours = (node) => node.getSourceFile().fileName.startsWith(BUILD);
/** A node's own text, its docstring left out. @param {ts.Node} node */
const textOf = (node) => node.getText();

/** Notes every type of ours that `node` names. Gives the names that the page has for them by those in the text. */
function namesIn(/** @type {ts.Node} */ node, names = new Map()) {
  if (ts.isTypeReferenceNode(node) || ts.isExpressionWithTypeArguments(node)) {
    const word = ts.isTypeReferenceNode(node) ? node.typeName : node.expression;
    const found = checker.getSymbolAtLocation(word);
    const symbol = found && target(found);
    const declaration = symbol?.declarations?.[0];
    if (declaration && ours(declaration) && !ts.isTypeParameterDeclaration(declaration)) {
      const file = declaration.getSourceFile().fileName.slice(BUILD.length);
      const name =
        placed.get(symbol) ?? named.get(symbol) ?? ALIASES[`${file}#${symbol.name}`] ?? textOf(word);
      if (!placed.has(symbol)) named.set(symbol, name);
      if (name !== textOf(word)) names.set(textOf(word), name);
    }
  }
  ts.forEachChild(node, (child) => void namesIn(child, names));
  return names;
}

/** A docstring as text. @param {ts.Symbol} symbol */
function proseOf(symbol) {
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker));
  const ignored = symbol.getJsDocTags(checker).find(({ name }) => name === "ts-ignore");
  return (text || ts.displayPartsToString(ignored?.text)).replace(/\{@link (\w+)\}/g, "`$1`").trim();
}

/** Code as a reader wants it: no `readonly`, and no `| undefined` where a `?` says it. @param {string} code */
const plain = (code) =>
  code
    .replace(/^(export )?(declare )?(protected )?(abstract )?/, "")
    .replace(/(^|[{;(]\s*)readonly (?=[\w$]+\??:)/g, "$1")
    .replace(/^get (\w+)\(\)/, "$1")
    .replace(/(\?: (?:(?!;).)*?) \| undefined(?=;?$)/gs, "$1")
    .replace(/^ {4,}/gm, (indent) => indent.slice(indent.length / 2));

/** A declaration's code, without the parameters that only the package's own parts give. @param {any} node */
function codeOf(node) {
  let code = textOf(node);
  for (const parameter of node.parameters ?? []) {
    if (!INTERNAL.has(textOf(parameter.name))) continue;
    const at = code.indexOf(textOf(parameter));
    code = code.slice(0, at).replace(/, $/, "") + code.slice(at + textOf(parameter).length);
  }
  const kept = (node.parameters ?? []).filter((/** @type {any} */ p) => !INTERNAL.has(textOf(p.name)));
  const names = new Map();
  for (const part of [...kept, ...(node.typeParameters ?? []), node.type]) if (part) namesIn(part, names);
  for (const [from, to] of names) code = code.replace(new RegExp(`\\b${from}\\b`, "g"), to);
  return plain(code);
}

/** Lines for the members of a class or interface that those of `bases` do not say already. */
function membersOf(/** @type {ts.Symbol} */ symbol, /** @type {readonly ts.Type[]} */ bases) {
  const said = new Set(
    bases.flatMap((base) => base.getProperties().map((member) => memberLines(member).join())),
  );
  return checker
    .getDeclaredTypeOfSymbol(symbol)
    .getProperties()
    .map(memberLines)
    .filter((lines) => !said.has(lines.join()))
    .flat();
}

/** @param {ts.Symbol} member */
function memberLines(member) {
  const declaration = member.declarations?.[0];
  if (!declaration || !ours(declaration) || INTERNAL.has(member.name) || /^#|^__#/.test(member.name))
    return [];
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  if (ts.getCombinedModifierFlags(declaration) & hidden) return [];
  if (member.name.startsWith("__@") && !member.name.startsWith("__@asyncIterator")) return [];
  const rows = proseOf(member).split("\n");
  const prose = rows.length > 1 ? ["/**", ...rows.map((row) => ` * ${row}`), " */"] : [`/** ${rows[0]} */`];
  return [...(rows[0] ? prose : []), codeOf(declaration)].map((text) => text.replace(/^/gm, "  "));
}

/** The code of a class or interface. What it inherits from a type with a place of its own is left to that. */
function bodyOf(/** @type {any} */ declaration, /** @type {ts.Symbol} */ symbol, /** @type {string} */ name) {
  const bases = (declaration.heritageClauses ?? []).flatMap((/** @type {any} */ clause) => [...clause.types]);
  const apart = bases.filter((/** @type {any} */ base) => {
    const found = checker.getSymbolAtLocation(base.expression);
    return ts.isInterfaceDeclaration(declaration)
      ? base.typeArguments || (found && placed.has(target(found)))
      : found && ours(target(found).declarations?.[0] ?? base);
  });
  for (const base of apart) namesIn(base);
  const types = apart.map((/** @type {ts.Node} */ base) => checker.getTypeAtLocation(base));
  const generic = declaration.typeParameters?.map(textOf).join(", ");
  const kind = ts.isClassDeclaration(declaration) ? "class" : "interface";
  const from = apart.length > 0 ? ` extends ${apart.map(textOf).join(", ")}` : "";
  const lines = membersOf(symbol, types);
  const first = `${kind} ${name}${generic ? `<${generic}>` : ""}${from} {`;
  return lines.length > 0 ? [first, ...lines, "}"] : [`${first}}`];
}

/** A heading, its docstring and its code. @param {ts.Symbol} symbol @param {string} name */
function entry(symbol, name) {
  const declaration = symbol.declarations?.[0];
  if (!declaration) throw new Error(`${name} is declared nowhere.`);
  const lines = [`### ${name}`, "", proseOf(symbol), ""];
  if (name === "FIELDS" || name === "EventRow") return [...lines, ...fieldTable(name)].join("\n");
  const code =
    ts.isClassDeclaration(declaration) || ts.isInterfaceDeclaration(declaration)
      ? bodyOf(declaration, symbol, name)
      : [union(codeOf(declaration)).replace(new RegExp(`^(\\w+) ${symbol.name}\\b`), `$1 ${name}`)];
  return [...lines, "```ts", ...code, "```"].join("\n");
}

/** A union of objects, each in one line. @param {string} code */
function union(code) {
  const flat = code.replace(
    /\{\n([^{}/]*)\n\s*\}/g,
    (_, body) => `{ ${body.trim().replace(/\s*\n\s*/g, " ")} }`,
  );
  return flat.length > WIDTH
    ? flat.replace(/(?<=\}) \| |(?<== )(?=\{)/g, "\n  | ").replace("= \n", "=\n")
    : flat;
}

const { FIELDS } = await import("../build/event.js");
/** @param {string} name */
function fieldTable(name) {
  const cell = (/** @type {string} */ text) => text.replaceAll("|", "\\|");
  if (name === "FIELDS") {
    const rows = FIELDS.map(({ name, kind, meaning }) => `| \`${name}\` | ${kind} | ${cell(meaning)} |`);
    return ["| field | kind | meaning |", "|---|---|---|", ...rows];
  }
  const row = exportsOf("index").get("EventRow");
  if (!row) throw new Error("EventRow is not exported.");
  /** @type {Map<string, string[]>} */
  const byType = new Map();
  for (const property of checker.getDeclaredTypeOfSymbol(row).getProperties()) {
    const type = checker.typeToString(checker.getTypeOfSymbol(property));
    byType.set(type, [...(byType.get(type) ?? []), `\`${property.name}\``]);
  }
  const rows = [...byType].map(([type, names]) => `| \`${cell(type)}\` | ${names.join(" ")} |`);
  return ["| in a row | columns |", "|---|---|", ...rows];
}

/** @param {string} door @param {Record<string, readonly string[]>} sections */
function checkContents(door, sections) {
  const listed = Object.values(sections)
    .flat()
    .filter((name) => !(name in BASES));
  const exported = [...exportsOf(door).keys()];
  const wrong = [
    ...exported.filter((name) => !listed.includes(name)),
    ...listed.filter((name, i) => !exported.includes(name) || listed.indexOf(name) !== i),
  ];
  if (wrong.length > 0)
    throw new Error(
      `SECTIONS in scripts/api-page.mjs must name each export of ${door} once: ${wrong.join(", ")}`,
    );
}

checkContents("index", SECTIONS);
for (const [door, names] of Object.entries(SUBPATHS)) checkContents(door, { [door]: names });
for (const door of ["index", ...Object.keys(SUBPATHS)])
  for (const [name, symbol] of exportsOf(door)) if (!placed.has(symbol)) placed.set(symbol, name);

for (const [name, heir] of Object.entries(BASES)) {
  const type = checker.getDeclaredTypeOfSymbol(/** @type {ts.Symbol} */ (exportsOf("index").get(heir)));
  const base = type.isClassOrInterface() ? checker.getBaseTypes(type)[0]?.symbol : undefined;
  if (base?.name !== name) throw new Error(`${heir} does not extend ${name}.`);
  placed.set(base, name);
}
const symbols = new Map([...placed].map(([symbol, name]) => [name, symbol]));

const parts = [];
for (const [title, names] of Object.entries(SECTIONS)) {
  parts.push(`## ${title}`);
  for (const name of names) parts.push(entry(/** @type {ts.Symbol} */ (symbols.get(name)), name));
}
parts.push("## Conversions as functions", "For bundlers and for those who prefer functions to methods.");
for (const [door, names] of Object.entries(SUBPATHS))
  for (const name of names) {
    const symbol = /** @type {ts.Symbol} */ (exportsOf(door).get(name));
    parts.push(entry(symbol, name).replace(/^(### .*)$/m, `$1\n\nFrom \`ampframe/${door}\`.`));
  }
parts.push("## Types named above", "These have no import of their own: TypeScript infers them.");
for (let rest = unplaced(); rest.length > 0; rest = unplaced())
  for (const [symbol, name] of rest) {
    if ([...placed.values()].includes(name))
      throw new Error(
        `Two types are called ${name}; give ${symbol.declarations?.[0]?.getSourceFile().fileName} an alias.`,
      );
    placed.set(symbol, name);
    parts.push(entry(symbol, name));
  }
function unplaced() {
  return [...named].filter(([symbol]) => !placed.has(symbol));
}

const HEAD = `<!-- Written by scripts/api-page.mjs from the docstrings in src/; change them there. -->
# The library's names
What \`import { … } from "ampframe"\` offers. Ranges include both their ends and are UTC, unless a name says otherwise; all
properties are read-only. How it fits together is told in [library.md](library.md).
`;
const contents = Object.entries(SECTIONS).map(
  ([title, names]) => `- ${title}: ${names.map((name) => `[${name}](#${name.toLowerCase()})`).join(", ")}`,
);
const page = `${HEAD}\n${contents.join("\n")}\n\n${parts.join("\n\n").replace(/\n{3,}/g, "\n\n")}\n`;

if (!process.argv.includes("--check")) {
  writeFileSync(PAGE, page);
} else if (!existsSync(PAGE) || readFileSync(PAGE, "utf8") !== page) {
  console.error("docs/api.md is not what the docstrings say. Run `npm run docs:api`.");
  process.exitCode = 1;
}
