/** What an argument that is an event may be. */
export const SOME_EVENT =
  "an event type, _active or _all; with filters in parentheses: " +
  '"Order Completed (country is Germany, Austria and price greater 10)"; or JSON';
