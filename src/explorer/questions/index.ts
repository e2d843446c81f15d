import type { Api } from "../api.js";
import type { Question } from "./question.js";

type Loaded<Name extends keyof Api> = () => Promise<{ readonly answer: Question<Name> }>;

/** Every question that the query process answers, a file each, loaded when it is first asked. */
export const QUESTIONS: { readonly [Name in keyof Api]?: Loaded<Name> } = {
  lake: () => import("./lake.js"),
  names: () => import("./names.js"),
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
