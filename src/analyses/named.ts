import type { SelectedEvents } from "../frame/selected-events.js";
import type { CohortDefinition } from "./cohort-definition.js";
import { resolved } from "./cohort-resolve.js";
import type { EventChoice } from "./event-choice.js";
import { type ChosenEvents, chosenEvents } from "./event-choice-sql.js";
import type { FilterOperator, FilterValue, PropertyFilter } from "./filter.js";
import type { AnalysisOptions } from "./options.js";
import { COLUMNS } from "./property-sql.js";

interface NamedOne {
  /** Of a value: its property. */
  readonly name: string;
  /** Of a property or value: the event types that it is asked of; undefined if of any. */
  readonly of?: readonly string[] | undefined;
  /** True if a result does not look empty when it does not occur, as where it is to be left out. */
  readonly isUnseen: boolean;
  /** True if it may be asked of another time than that of the analysis, as a cohort has. */
  readonly isOfAnyTime?: boolean;
}

/** An event type, a property, or a value of one that an analysis was given. */
export type Named = NamedOne &
  (
    | { readonly kind: "event" }
    | { readonly kind: "property" }
    | { readonly kind: "value"; readonly value: Exclude<FilterValue, null> }
  );

/** What of an analysis has names. */
export interface AskedNames {
  /** The events that are counted. */
  readonly choices?: readonly ChosenEvents[] | undefined;
  /** Events that are left out, or the only ones that are kept. */
  readonly others?: readonly ChosenEvents[] | undefined;
  /** The events that segments and groups are of. Default: any. */
  readonly grouped?: readonly ChosenEvents[] | undefined;
  /** Definitions with nothing saved in them. */
  readonly cohorts?: readonly CohortDefinition[];
  readonly groupBy?: string | readonly string[] | undefined;
  /** Further properties, each of these events; without them of any. */
  readonly properties?:
    | readonly {
        readonly name: string;
        readonly of?: ChosenEvents | undefined;
        readonly isUnseen?: boolean;
      }[]
    | undefined;
}

/** Filters that a missing value may fulfil. */
const NEGATIVE = /\bnot\b|\bset is\b/;
/** Filters whose values are whole ones. */
const OF_VALUES: readonly FilterOperator[] = [
  ...(["is", "is not", "set is", "set is not", "set contains", "set does not contain"] as const),
];

/** What is named in `asked` and in the segments of `options`, each once. Throws UsageError, LakeError by cohorts. */
export async function namedIn(
  asked: AskedNames,
  { segments = {} }: AnalysisOptions,
  { cohorts }: Pick<SelectedEvents, "cohorts">,
): Promise<readonly Named[]> {
  const { choices = [], others = [], grouped, groupBy = [], properties = [], cohorts: given = [] } = asked;
  const of = grouped && typesOf(grouped);
  const saved = Object.values(segments).flatMap(({ cohort }) => (typeof cohort === "string" ? [cohort] : []));
  const definitions = await Promise.all(saved.map((cohort) => resolved({ cohort }, cohorts)));
  const all: Named[] = [
    ...choices.flatMap((choice) => ofChoice(choice)),
    ...others.flatMap((choice) => ofChoice(choice, true)),
    ...[groupBy].flat().map((name): Named => ({ kind: "property", name, of, isUnseen: false })),
    ...properties.map(
      ({ name, of, isUnseen = false }): Named => ({
        ...{ kind: "property", name, isUnseen, of: of && typesOf([of]) },
      }),
    ),
    ...Object.values(segments).flatMap(({ filters }) => ofFilters(filters, of)),
    ...[...given, ...definitions].flatMap(ofCohort).map((one): Named => ({ ...one, isOfAnyTime: true })),
  ];
  const byKey = new Map<string, Named>();
  for (const one of all) {
    const value = one.kind === "value" ? one.value : null;
    const key = JSON.stringify([one.kind, one.name, value, one.of ?? null, one.isOfAnyTime === true]);
    byKey.set(key, { ...one, isUnseen: one.isUnseen || byKey.get(key)?.isUnseen === true });
  }
  return [...byKey.values()];
}

function ofChoice(choice: ChosenEvents, isUnseen = false): Named[] {
  const { types, others, filters } = choice;
  const isOne = types.length === 1 && others === undefined;
  return [
    ...types.map((name): Named => ({ kind: "event", name, isUnseen: isUnseen || !isOne })),
    ...ofFilters(filters, typesOf([choice]), isUnseen),
  ];
}

function ofFilters(
  filters: readonly PropertyFilter[] = [],
  of: readonly string[] | undefined,
  isUnseen = false,
): Named[] {
  return filters.flatMap(({ property: name, op = "is", value = null }): Named[] => {
    const values = [value].flat() as readonly FilterValue[];
    const mayBeNone = NEGATIVE.test(op) || values.includes(null);
    const given = OF_VALUES.includes(op) ? values.filter((one) => one !== null) : [];
    const isOneOfSome = op !== "set contains" && values.length > 1;
    return [
      { kind: "property", name, of, isUnseen: isUnseen || mayBeNone },
      ...given.map((value): Named => {
        // A column's value that other events have is no mistake.
        const types = COLUMNS.has(name) ? undefined : of;
        const isHidden = isUnseen || mayBeNone || isOneOfSome;
        return { kind: "value", name, value, of: types, isUnseen: isHidden };
      }),
    ];
  });
}

function ofCohort(definition: CohortDefinition): Named[] {
  if ("all" in definition) return definition.all.flatMap(ofCohort);
  if ("any" in definition) return definition.any.flatMap(ofCohort);
  if ("not" in definition) return ofCohort(definition.not);
  if ("had" in definition) return ofFilters([definition.had].flat(), undefined, true);
  if ("didNot" in definition) return ofEvent(definition.didNot);
  if (!("did" in definition)) return [];
  const { did, count } = definition;
  const summed = typeof count === "object" ? [count.sum] : [];
  const of = typesOf([chosenEvents(did)]);
  return [...ofEvent(did), ...summed.map((name): Named => ({ kind: "property", name, of, isUnseen: true }))];
}

function ofEvent(event: EventChoice): Named[] {
  return ofChoice(chosenEvents(event), true);
}

/** The event types that are meant; undefined if others are, too. */
function typesOf(choices: readonly ChosenEvents[]): readonly string[] | undefined {
  if (choices.some(({ others }) => others !== undefined)) return undefined;
  return [...new Set(choices.flatMap(({ types }) => types))];
}
