import type { ColumnName } from "../event.js";
import type { EventRow } from "./event-row.js";
import type { PropertyOptions, PropertyType } from "./properties/columns.js";
import type { PROPERTY_COLUMNS } from "./properties/find.js";

/**
 * Properties of each event type, by the names that `frame({ properties })` takes. Empty; `ampframe schema --ts` writes
 * declarations that fill it.
 */
// biome-ignore lint/suspicious/noEmptyInterface: generated declarations are merged into it.
export interface EventTypes {}

/** Properties of users and groups, as EventTypes. */
// biome-ignore lint/suspicious/noEmptyInterface: generated declarations are merged into it.
export interface UserProperties {}

/** What a property's column may hold; lists hold nulls too. */
export type PropertyValue = PropertyScalar | readonly (PropertyScalar | null)[] | null;
type PropertyScalar = boolean | bigint | number | Date | string;

/** True while no declarations are generated: any name is then allowed. */
type Untyped = [keyof EventTypes | keyof UserProperties] extends [never] ? true : false;
type Known = keyof EventTypes & string;
/** Those event types that `E` names, all if it names none that is known. */
type Meant<E extends string> = string extends E ? Known : Extract<E, Known>;
type NamesOf<E> = E extends keyof EventTypes ? keyof EventTypes[E] & string : never;

/** Names of properties of events of the types `E`, and of users; any text while no declarations are generated. */
export type PropertyName<E extends string = string> = Untyped extends true
  ? string
  : [Exclude<E, Known>] extends [never]
    ? NamesOf<E> | (keyof UserProperties & string)
    : string extends E
      ? NamesOf<Known> | (keyof UserProperties & string)
      : string;

/** What `frame({ properties })` takes for events of the types `E`. */
export type AskedProperties<E extends string = string> =
  | "all"
  | readonly (PropertyName<E> | PropertyOptions)[];

type ValueIn<E, N> = E extends keyof EventTypes
  ? N extends keyof EventTypes[E]
    ? EventTypes[E][N]
    : null
  : never;

/** Where event types differ in a property's type, their common column may have any. */
type Single<V> = [V] extends [boolean | null]
  ? V
  : [V] extends [bigint | null]
    ? V
    : [V] extends [number | null]
      ? V
      : [V] extends [Date | null]
        ? V
        : [V] extends [string | null]
          ? V
          : [V] extends [readonly unknown[] | null]
            ? V
            : PropertyValue;

type ValueOf<E extends string, N extends string> = N extends keyof UserProperties
  ? UserProperties[N]
  : [Exclude<E, Known>] extends [never]
    ? Single<ValueIn<E, N>>
    : N extends NamesOf<Meant<E>>
      ? Single<ValueIn<Meant<E>, N> | null>
      : PropertyValue;

interface ValueOfType extends Record<PropertyType, unknown> {
  boolean: boolean;
  int64: bigint;
  double: number;
  timestamp: Date;
  text: string;
  json: string;
}

type AskedOptions<A> = Extract<A, PropertyOptions>;
type NameOf<O extends PropertyOptions> = O["as"] extends string ? O["as"] : O["property"];
type OptionValue<O extends PropertyOptions> = O["type"] extends PropertyType
  ? ValueOfType[O["type"]] | null
  : PropertyValue;

/**
 * A row of a frame with the columns `C` and the properties `A` of events of the types `E`. Where only `E` was given, as in
 * `frame<"Order Completed">(…)`, all properties of that type may be there. With `"all"` any full name of a property may be,
 * such as `event_properties.price`.
 */
export type FrameRow<E extends string, A extends AskedProperties<E>, C extends ColumnName> = Pick<
  EventRow,
  C
> &
  (AskedProperties<E> extends A
    ? Possible<E>
    : A extends "all"
      ? Found
      : A extends readonly (infer N)[]
        ? Asked<E, N>
        : unknown);

/** Which columns `"all"` makes only the events tell: they are called by their full names. */
type Found = { [Name in `${(typeof PROPERTY_COLUMNS)[number]}.${string}`]: PropertyValue };

type Possible<E extends string> = string extends E
  ? unknown
  : [NamesOf<E>] extends [never]
    ? unknown
    : { [K in NamesOf<E>]?: ValueOf<E, K> };

type Asked<E extends string, N> = [N] extends [never]
  ? unknown
  : { [K in Extract<N, string>]: ValueOf<E, K> } & {
      [O in AskedOptions<N> as NameOf<O>]: OptionValue<O>;
    };
