import type { Progress } from "../index.js";
import type { CliOptions, Surroundings } from "./invocation.js";
import { createMovingLine } from "./moving-line.js";
import { paintFor } from "./paint.js";
import { printableLine } from "./printable.js";
import { noteOf, progressLine } from "./progress-line.js";
import { advance, type ProgressState, startState } from "./progress-state.js";

/** Shows how the work goes on. */
export interface ProgressView {
  readonly show: (progress: Progress) => void;
  /** Takes the moving line off the screen. Must be called, also after a failure. */
  readonly end: () => void;
}

/**
 * One line on stderr that moves, and a lasting line for each retry, split and refusal. Draws nothing where
 * stderr is no terminal, or with `--quiet`.
 */
export function createProgressView(
  options: Pick<CliOptions, "quiet">,
  surroundings: Pick<Surroundings, "stderr" | "env" | "now" | "redaction">,
): ProgressView {
  const { stderr, env, now, redaction } = surroundings;
  const paint = paintFor(stderr, env);
  let state: ProgressState = startState(now());
  const line = createMovingLine(options, surroundings, (columns, at) =>
    progressLine(state, columns, at, paint),
  );
  return {
    show(progress) {
      state = advance(state, progress);
      const note = noteOf(progress);
      if (note === undefined) line.update();
      else line.keep(paint.yellow(printableLine(redaction.clean(note))));
    },
    end: line.end,
  };
}
