import { ANALYSE } from "./analyse/index.js";
import { DEMO, LOAD, PULL } from "./bring.js";
import { COHORT, INACTIVE } from "./cohort.js";
import type { CommandSpec } from "./command.js";
import { EXPLORE } from "./explore.js";
import { FORGET } from "./forget.js";
import { COMPACT, COPY, QUARANTINE } from "./keep.js";
import { LOGIN, LOGOUT } from "./login.js";
import { EXPORT, SQL, STATUS, TIMELINE, VERIFY } from "./look.js";
import { PROMOTE } from "./promote.js";
import { EVENTS, SCHEMA } from "./schema.js";
import { COMPLETION, EMULATOR } from "./tools.js";

export type { CommandSpec, Example, OptionSpec } from "./command.js";

/** Every command, in the order in which help lists them. */
export const COMMANDS: readonly CommandSpec[] = [
  DEMO,
  LOGIN,
  LOGOUT,
  PULL,
  LOAD,
  STATUS,
  VERIFY,
  EXPLORE,
  EVENTS,
  SCHEMA,
  SQL,
  EXPORT,
  TIMELINE,
  ...ANALYSE,
  COHORT,
  INACTIVE,
  COMPACT,
  COPY,
  PROMOTE,
  QUARANTINE,
  FORGET,
  EMULATOR,
  COMPLETION,
];
