/**
 * Amplitude's operators. `is`, `is not`: one of the values, exactly. `contains`, `does not contain`, `starts with`, `does not
 * start with`: any case. `less` to `greater or equal`: as numbers; values that are none do not match. `set is`, `set is not`:
 * the list has these items and no others. `set contains`, `set does not contain`: it has all of them, or none of them. `glob
 * match`: `*` stands for anything but `/`, `**` for anything, `?` for one character, `[a-z]` and `[!a-z]` for one of a set.
 * Source: https://amplitude.com/docs/analytics/segments/segment-operators
 */
export type FilterOperator =
  | "is"
  | "is not"
  | "contains"
  | "does not contain"
  | "starts with"
  | "does not start with"
  | "less"
  | "less or equal"
  | "greater"
  | "greater or equal"
  | "set is"
  | "set is not"
  | "set contains"
  | "set does not contain"
  | "glob match"
  | "glob does not match";

/** A value to compare with; null stands for `(none)`: the property is not there, or is null. */
export type FilterValue = string | number | boolean | null;

/**
 * A condition on a property of an event. Of several values one is enough (or, with the operators that say `not`, none may
 * match). Of a list each item is looked at: one that matches is enough, also with `not`; to exclude lists that have an item
 * use `set does not contain`.
 */
export interface PropertyFilter {
  /**
   * A column such as `country`, `platform` or `version_name`, or a property as in frames: `price`,
   * `user_properties.plan`, `group_properties.company.size`; `event_properties.country` if an event property has a column's
   * name.
   */
  readonly property: string;
  /** Default `is`. */
  readonly op?: FilterOperator | undefined;
  /** Default null: `(none)`. */
  readonly value?: FilterValue | readonly FilterValue[] | undefined;
}
