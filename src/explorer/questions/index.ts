import type { Api } from "../api.js";
import type { Question } from "./question.js";

type Loaded<Name extends keyof Api> = () => Promise<{ readonly answer: Question<Name> }>;

/** Every question that the query process answers, a file each, loaded when it is first asked. */
export const QUESTIONS: { readonly [Name in keyof Api]?: Loaded<Name> } = {
  event: () => import("./event.js"),
  events: () => import("./events.js"),
  lake: () => import("./lake.js"),
  names: () => import("./names.js"),
  times: () => import("./times.js"),
  values: () => import("./values.js"),
};

/** How the question `name` is answered; undefined if there is none. */
export function questionNamed(name: string): Loaded<keyof Api> | undefined {
  return Object.hasOwn(QUESTIONS, name) ? QUESTIONS[name as keyof Api] : undefined;
}
