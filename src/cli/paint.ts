import type { Output } from "./invocation.js";

type Style = (text: string) => string;

/** Styles for a terminal; each returns its text unchanged where colour is off. */
export interface Paint {
  readonly bold: Style;
  readonly dim: Style;
  readonly red: Style;
  readonly green: Style;
  readonly yellow: Style;
  readonly blue: Style;
}

/** Styles for `output`: on a terminal, unless NO_COLOR is set; FORCE_COLOR turns them on anywhere. */
export function paintFor(
  output: Pick<Output, "isTTY">,
  env: Readonly<Record<string, string | undefined>>,
): Paint {
  const on = coloured(output, env);
  const style = (code: number, end: number): Style => {
    return (text) => (on && text !== "" ? `\u001b[${code}m${text}\u001b[${end}m` : text);
  };
  return {
    bold: style(1, 22),
    dim: style(2, 22),
    red: style(31, 39),
    green: style(32, 39),
    yellow: style(33, 39),
    blue: style(34, 39),
  };
}

/**
 * Whether `output` gets colour. By https://no-color.org any value of NO_COLOR but the empty one turns it off;
 * FORCE_COLOR outranks it and is read as Node does, where 0 and false mean off.
 */
export function coloured(
  output: Pick<Output, "isTTY">,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "false";
  if (env.NO_COLOR) return false;
  return output.isTTY === true && env.TERM !== "dumb";
}
