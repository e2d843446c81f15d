import type { Api } from "../api.js";
import type { Question } from "./question.js";

type Loaded<Name extends keyof Api> = () => Promise<{ readonly answer: Question<Name> }>;

/** Every question that the query process answers, a file each, loaded when it is first asked. */
export const QUESTIONS: { readonly [Name in keyof Api]?: Loaded<Name> } = {
  event: () => import("./event.js"),
  users: () => import("./users.js"),
  user: () => import("./user.js"),
  timeline: () => import("./timeline.js"),
  "user-changes": () => import("./user-changes.js"),
  export: () => import("./export.js"),
  events: () => import("./events.js"),
  analysis: () => import("./analysis.js"),
  analyses: () => import("./analyses.js"),
  "save-analysis": () => import("./save-analysis.js"),
  "delete-analysis": () => import("./delete-analysis.js"),
  "save-board": () => import("./save-board.js"),
  "delete-board": () => import("./delete-board.js"),
  lake: () => import("./lake.js"),
  overview: () => import("./overview.js"),
  "user-counts": () => import("./user-counts.js"),
  names: () => import("./names.js"),
  times: () => import("./times.js"),
  values: () => import("./values.js"),
  cohorts: () => import("./cohorts.js"),
  "save-cohort": () => import("./save-cohort.js"),
  "delete-cohort": () => import("./delete-cohort.js"),
  schema: () => import("./schema.js"),
  status: () => import("./status.js"),
  quarantine: () => import("./quarantine.js"),
};

/** How the question `name` is answered; undefined if there is none. */
export function questionNamed(name: string): Loaded<keyof Api> | undefined {
  return Object.hasOwn(QUESTIONS, name) ? QUESTIONS[name as keyof Api] : undefined;
}
