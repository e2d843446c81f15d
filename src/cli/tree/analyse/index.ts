import type { CommandSpec } from "../command.js";
import { COMPOSITION, DISTRIBUTION, SEGMENTATION } from "./events.js";
import { ANALYSIS } from "./file.js";
import { LIFETIME_VALUE, REVENUE } from "./revenue.js";
import { SESSIONS } from "./sessions.js";
import { ACTIVE_USERS, ENGAGEMENT, LIFECYCLE, RETENTION, STICKINESS } from "./users.js";
import { FUNNEL, PATHS } from "./ways.js";

/** The commands that analyse, in the order in which help lists them. */
export const ANALYSE: readonly CommandSpec[] = [
  SEGMENTATION,
  FUNNEL,
  RETENTION,
  ACTIVE_USERS,
  LIFECYCLE,
  STICKINESS,
  SESSIONS,
  COMPOSITION,
  DISTRIBUTION,
  ENGAGEMENT,
  REVENUE,
  LIFETIME_VALUE,
  PATHS,
  ANALYSIS,
];
