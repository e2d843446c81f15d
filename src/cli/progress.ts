import type { Progress } from "../index.js";
import type { CliOptions, Surroundings } from "./invocation.js";
import { paintFor } from "./paint.js";
import { printableLine } from "./printable.js";
import { noteOf, progressLine } from "./progress-line.js";
import { advance, type ProgressState, startState } from "./progress-state.js";

const REDRAW_MS = 100;
const TO_START_AND_CLEAR = "\r\u001b[K";

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
  { quiet }: Pick<CliOptions, "quiet">,
  { stderr, env, now, redaction }: Pick<Surroundings, "stderr" | "env" | "now" | "redaction">,
): ProgressView {
  if (stderr.isTTY !== true || quiet || env.TERM === "dumb") return { show: () => {}, end: () => {} };
  const paint = paintFor(stderr, env);
  let state: ProgressState = startState(now());
  let drawnAt = 0;
  const draw = (): void => {
    drawnAt = now();
    stderr.write(TO_START_AND_CLEAR + progressLine(state, stderr.columns ?? 80, drawnAt, paint));
  };
  // While Amplitude puts an archive together nothing happens for minutes: the clock must move on.
  const timer = setInterval(draw, 1000);
  timer.unref();
  return {
    show(progress) {
      state = advance(state, progress);
      const note = noteOf(progress);
      if (note !== undefined)
        stderr.write(`${TO_START_AND_CLEAR}${paint.yellow(printableLine(redaction.clean(note)))}\n`);
      if (note !== undefined || now() - drawnAt >= REDRAW_MS) draw();
    },
    end() {
      clearInterval(timer);
      stderr.write(TO_START_AND_CLEAR);
    },
  };
}
