import type { Dialect } from "../engine/dialect.js";
import { Calendar, type CalendarSettings } from "./calendar.js";
import { checkedId } from "./cohort-check.js";
import type { CohortDefinition, CohortTime, DidClause, HadClause } from "./cohort-definition.js";
import type { ColumnsUsed } from "./columns-used.js";
import { dateRange, type Range } from "./date-range.js";
import { ACTIVE, chosenEvents, chosenSql } from "./event-choice-sql.js";
import { filtersSql } from "./filter-sql.js";
import { propertySql } from "./property-sql.js";

/** What the users of a cohort are told by. */
export interface CohortSetting {
  readonly dialect: Dialect;
  /** Of what time events are held. */
  readonly data: Range;
  readonly settings: CalendarSettings;
  readonly inactive: readonly string[];
  /** True if the CTE `ids` says which ids belong to other users. */
  readonly areMerged: boolean;
}

/** A cohort as a query of `events`: its users are the groups of `person` that `having` holds for. */
export interface CohortSql {
  /** Columns of the events by name, beside `person` and `t`. */
  readonly select: Readonly<Record<string, string>>;
  /** Which events are needed. Never null. */
  readonly where: string;
  readonly having: string;
  readonly bounds: { readonly from?: bigint; readonly until: bigint };
}

/**
 * Writes a definition as SQL; it names no other cohort. `first` is the column whose least value is the time of a user's first
 * event of all. Throws UsageError.
 */
export function cohortSql(
  definition: CohortDefinition,
  setting: CohortSetting,
  used: ColumnsUsed,
  first = "t",
): CohortSql {
  const writer = new CohortWriter(setting, used, first);
  const having = writer.holds(definition);
  const { needed, spans } = writer;
  const isBounded = isFound(definition) && !hasNew(definition);
  const least = (values: readonly bigint[]): bigint => values.reduce((a, b) => (b < a ? b : a));
  const most = (values: readonly bigint[]): bigint => values.reduce((a, b) => (b > a ? b : a));
  return {
    select: { person: "person", t: "t", ...writer.select },
    where: isBounded ? `(${needed.join(" OR ")})` : "true",
    having,
    bounds: isBounded
      ? { from: least(spans.map(({ from }) => from)), until: most(spans.map(({ until }) => until)) }
      : { until: setting.data.until },
  };
}

/** True if each user of the cohort has an event that one of the clauses looks at. */
function isFound(definition: CohortDefinition): boolean {
  if ("all" in definition) return definition.all.some(isFound);
  if ("any" in definition) return definition.any.every(isFound);
  return "did" in definition || "had" in definition;
}

/** True if it asks for new users. */
export function hasNew(definition: CohortDefinition): boolean {
  if ("all" in definition) return definition.all.some(hasNew);
  if ("any" in definition) return definition.any.some(hasNew);
  return "not" in definition ? hasNew(definition.not) : "new" in definition;
}

class CohortWriter {
  readonly select: Record<string, string> = {};
  /** Conditions of the events that clauses look at, and their times. */
  readonly needed: string[] = [];
  readonly spans: Range[] = [];

  constructor(
    private readonly setting: CohortSetting,
    private readonly used: ColumnsUsed,
    private readonly first: string,
  ) {}

  /** The condition on a group of a user's events; never null. */
  holds(definition: CohortDefinition): string {
    if ("all" in definition) return `(${definition.all.map((one) => this.holds(one)).join(" AND ")})`;
    if ("any" in definition) return `(${definition.any.map((one) => this.holds(one)).join(" OR ")})`;
    if ("not" in definition) return `(NOT ${this.holds(definition.not)})`;
    if ("ids" in definition) return isOfSql(idsSql(definition.ids.map(checkedId), this.setting));
    if ("did" in definition) return this.#did(definition);
    if ("didNot" in definition) return `(NOT ${this.#did({ ...definition, did: definition.didNot })})`;
    if ("had" in definition) return this.#had(definition);
    if ("new" in definition) {
      const { from, until } = this.#range(definition);
      return `(min(${this.first}) >= ${from} AND min(${this.first}) < ${until})`;
    }
    throw new TypeError(`The cohort ${definition.cohort} was not put in the place of its name.`);
  }

  #did(clause: DidClause): string {
    const { dialect, inactive, settings } = this.setting;
    const range = this.#range(clause);
    const chosen = chosenSql(chosenEvents(clause.did), inactive, dialect, this.used);
    const flag = this.#flag(chosen, range);
    const { count = "times" } = clause;
    if (count === "times") return amountSql(clause, `count(*) FILTER (WHERE ${flag})`);
    const condition = this.select[flag];
    if (count === "days") {
      const number = new Calendar("day", settings).numberSql(dialect, "t", range.from, range.until);
      const day = this.#column("d", `CASE WHEN ${condition} THEN ${number} END`);
      return amountSql(clause, `count(DISTINCT ${day})`);
    }
    const { texts } = propertySql(count.sum, dialect, this.used);
    const number = dialect.sumItems(texts, dialect.number);
    const value = this.#column("v", `CASE WHEN ${condition} THEN ${number} END`);
    return amountSql(clause, `sum(${value})`);
  }

  #had(clause: HadClause): string {
    const { dialect, inactive } = this.setting;
    const range = this.#range(clause);
    const active = chosenSql(chosenEvents(ACTIVE), inactive, dialect, this.used);
    const has = filtersSql([clause.had].flat(), dialect, this.used) ?? "true";
    if (clause.at !== "last event") {
      return `(count(*) FILTER (WHERE ${this.#flag(`${active} AND ${has}`, range)}) > 0)`;
    }
    const flag = this.#flag(active, range);
    const value = this.#column("h", `(${has})`);
    const uuid = this.#column("u", dialect.identifier(this.used.add("uuid")));
    return `coalesce(${dialect.maxBy(value, dialect.row(["t", uuid]))} FILTER (WHERE ${flag}), false)`;
  }

  /** A column that says whether `condition` holds within `range`. */
  #flag(condition: string, { from, until }: Range): string {
    const within = `(${condition} AND t >= ${from} AND t < ${until})`;
    this.needed.push(within);
    return this.#column("f", within);
  }

  #column(kind: string, sql: string): string {
    const name = `${kind}${Object.keys(this.select).length}`;
    this.select[name] = sql;
    return name;
  }

  #range({ from, to, last }: CohortTime): Range {
    const { data, settings } = this.setting;
    const own =
      last === undefined && from === undefined && to === undefined ? { last: "30d" } : { from, to, last };
    const range = dateRange(own, {}, data, settings);
    this.spans.push(range);
    return range;
  }
}

/** Whether an amount, which is null or 0 of users who did nothing, is as asked; never null. */
function amountSql({ atLeast, atMost, exactly, count }: DidClause, amount: string): string {
  const isAsked = atLeast !== undefined || atMost !== undefined || exactly !== undefined;
  const conditions = [
    ...(typeof count === "object" && isAsked ? [] : [`${amount} >= 1`]),
    ...(atLeast === undefined ? [] : [`${amount} >= ${atLeast}`]),
    ...(atMost === undefined ? [] : [`${amount} <= ${atMost}`]),
    ...(exactly === undefined ? [] : [`${amount} = ${exactly}`]),
  ];
  return `coalesce(${conditions.join(" AND ")}, false)`;
}

/** The condition that `person` is one of those that the query `users` gives in its column `person`; never null. */
export function isOfSql(users: string): string {
  return `(person IS NOT NULL AND person IN (${users}))`;
}

/** The users that are `ids`, or that one of them belongs to, as a query of `person`; none is null. */
export function idsSql(
  ids: readonly bigint[],
  { dialect, areMerged }: Pick<CohortSetting, "dialect" | "areMerged">,
): string {
  const given = `(${dialect.values(
    ["id"],
    ids.map((id) => [String(id)]),
  )}) AS cohort`;
  return areMerged
    ? `SELECT coalesce(ids.person, cohort.id) AS person FROM ${given} LEFT JOIN ids ON ids.amplitude_id = cohort.id`
    : `SELECT id AS person FROM ${given}`;
}
