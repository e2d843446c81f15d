import type { AnalysisInterval, AnalysisOptions } from "./options.js";

/** Which sessions are counted, and how long they are. */
export interface SessionLengthOptions<G extends string = never> extends AnalysisOptions {
  /**
   * From when a session's length counts, to its last event by `client_event_time`. `first event`: its first, by the same clock
   * (https://amplitude.com/docs/data/sources/session-length). `session_id`: the time that the id is
   * (https://amplitude.com/docs/faq/user-sessions). Default `first event`.
   */
  readonly lengthFrom?: "first event" | "session_id" | undefined;
  /** Properties by whose values sessions are told apart, as they were at the session's first event. */
  readonly groupBy?: G | readonly G[] | undefined;
}

/**
 * How many sessions users have, and how long: `sessions(options)`.
 * Source: https://amplitude.com/docs/analytics/charts/user-sessions/user-sessions-track-engagement-frequency
 */
export interface SessionsOptions<G extends string = never> extends SessionLengthOptions<G> {
  /** Default `day`. */
  readonly interval?: AnalysisInterval | undefined;
}

/** The sessions that began in one interval. Sessions longer than 24 hours are in none. */
export type SessionsRow<G extends string = never> = {
  readonly time: string;
  readonly start: Date;
  readonly segment: string;
  /** Amplitude's Total Sessions. */
  readonly sessions: number;
  /** Users with an active event in the interval, in a session or not. */
  readonly activeUsers: number;
  /** Seconds, of all sessions together: Time Spent. */
  readonly timeSpent: number;
  /** Seconds: `timeSpent / sessions`, Avg Length; null without sessions. */
  readonly averageLength: number | null;
  /** `sessions / activeUsers`: Avg Per User; null without active users. */
  readonly sessionsPerUser: number | null;
  /** Seconds: `timeSpent / activeUsers`, Time Spent per User; null without active users. */
  readonly timePerUser: number | null;
  /** True if the interval is not wholly within the data and the range. */
  readonly incomplete: boolean;
} & { readonly [K in G]: string };

/**
 * How many sessions are how long: `sessionLengths(options)`.
 * Source: https://amplitude.com/docs/apis/analytics/dashboard-rest#get-session-length-distribution
 */
export interface SessionLengthsOptions<G extends string = never> extends SessionLengthOptions<G> {
  /**
   * Where the bins begin, and last where the last one ends, in seconds, ascending. Default those of Amplitude's REST API: `[0,
   * 3, 10, 30, 60, 180, 600, 1800, 3600, 86400]`.
   */
  readonly bins?: readonly number[] | undefined;
}

/** One bin of the sessions that began in the range. */
export type SessionLengthsRow<G extends string = never> = {
  readonly segment: string;
  /** Seconds, included. */
  readonly from: number;
  /** Seconds, not included; 86400, the longest that a session may be, is. */
  readonly to: number;
  readonly sessions: number;
  /** Of all sessions, also those in no bin, from 0 to 1; null without any. */
  readonly share: number | null;
} & { readonly [K in G]: string };
