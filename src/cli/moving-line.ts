import type { CliOptions, Surroundings } from "./invocation.js";

const REDRAW_MS = 100;
const TO_START_AND_CLEAR = "\r\u001b[K";

/** One line at the foot of a terminal that is drawn again and again. */
export interface MovingLine {
  /** Draws anew, unless that was done a tenth of a second ago. */
  readonly update: () => void;
  /** Puts `text` above the line, to stay. */
  readonly keep: (text: string) => void;
  /** Takes the line off the screen. Must be called, also after a failure. */
  readonly end: () => void;
}

/**
 * A moving line on stderr, with what `draw` gives for the terminal's columns and the time (milliseconds since
 * 1970). Nothing is written where stderr is no terminal, or with `--quiet`.
 */
export function createMovingLine(
  { quiet }: Pick<CliOptions, "quiet">,
  { stderr, env, now }: Pick<Surroundings, "stderr" | "env" | "now">,
  draw: (columns: number, now: number) => string,
): MovingLine {
  if (stderr.isTTY !== true || quiet || env.TERM === "dumb") {
    return { update: () => {}, keep: () => {}, end: () => {} };
  }
  let drawnAt = 0;
  const drawNow = (): void => {
    drawnAt = now();
    stderr.write(TO_START_AND_CLEAR + draw(stderr.columns ?? 80, drawnAt));
  };
  // While Amplitude puts an archive together nothing happens for minutes: the clock must move on.
  const timer = setInterval(drawNow, 1000);
  timer.unref();
  return {
    update() {
      if (now() - drawnAt >= REDRAW_MS) drawNow();
    },
    keep(text) {
      stderr.write(`${TO_START_AND_CLEAR}${text}\n`);
      drawNow();
    },
    end() {
      clearInterval(timer);
      stderr.write(TO_START_AND_CLEAR);
    },
  };
}
