import type { FilterOperator } from "./filter.js";

/** Every operator once. */
const ALL: Readonly<Record<FilterOperator, true>> = {
  is: true,
  "is not": true,
  contains: true,
  "does not contain": true,
  "starts with": true,
  "does not start with": true,
  less: true,
  "less or equal": true,
  greater: true,
  "greater or equal": true,
  "set is": true,
  "set is not": true,
  "set contains": true,
  "set does not contain": true,
  "glob match": true,
  "glob does not match": true,
};

/** The operators of filters. */
export const FILTER_OPERATORS = Object.keys(ALL) as readonly FilterOperator[];
