/**
 * What a size is made of: options of the emulator's generator, whose days end with `end`, and how often it is run.
 *
 * @typedef {object} Size
 * @property {number} days one archive each, with hourly members
 * @property {number} eventsPerDay on average; the shop's weekly rhythm and growth bring somewhat fewer
 * @property {number} runs rounds if --runs says nothing
 */

/** The last upload hour of all sizes: fixed, so that the same bytes are made on any day. */
export const END = "2025-06-30T23";

export const SEED = 1;

/** @type {Readonly<Record<string, Size>>} */
export const SIZES = {
  small: { days: 1, eventsPerDay: 100_000, runs: 3 },
  middle: { days: 3, eventsPerDay: 144_000, runs: 3 },
  large: { days: 28, eventsPerDay: 144_000, runs: 1 },
};
