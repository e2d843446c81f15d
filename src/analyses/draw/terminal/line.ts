import { escaped } from "../../../frame/print/cell-text.js";
import { clipped, clippedWithin, displayWidth } from "../../../frame/print/display-width.js";

/** A piece of a line and its ANSI style (the parameters of SGR, such as `1` or `38;5;24`), used if there are colours. */
export interface Span {
  readonly text: string;
  readonly style?: string | undefined;
}

/** A line of a picture. */
export type Line = readonly Span[];

export const BOLD = "1";
export const DIM = "2";

/** `text` from outside in one line, without control characters, at most `width` columns wide. */
export function label(text: string, width = Number.POSITIVE_INFINITY): string {
  return width < 1 ? "" : clipped(escaped(text), width);
}

/** `texts` as labels that stay different: where they would be cut alike, their ends stay too. */
export function labels(texts: readonly string[], width: number): string[] {
  const cut = texts.map((text) => label(text, width));
  if (width < 1 || new Set(cut).size === new Set(texts).size) return cut;
  return texts.map((text) => clippedWithin(escaped(text), width));
}

/** `text`, with spaces to `width` columns behind it. */
export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

/** `text`, with spaces to `width` columns before it. */
export function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - displayWidth(text))) + text;
}

/** How many columns the widest of `texts` takes. */
export function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, displayWidth(text)), 0);
}

/** How many columns `line` takes. */
export function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + displayWidth(text), 0);
}

/** `line` as text, cut where it would be wider than `width`. */
export function lineText(line: Line, width: number, colors: boolean): string {
  const kept: Span[] = [];
  let left = width;
  for (const { text, style } of line) {
    if (left < 1) break;
    const piece = clipped(text, left);
    left -= displayWidth(piece);
    kept.push({ text: piece, style });
    if (piece !== text) break;
  }
  const styled = (style: string | undefined) => colors && style !== undefined && style !== "";
  while (kept.length > 0 && !(styled(kept.at(-1)!.style) && kept.at(-1)!.style!.includes("48;"))) {
    const { text, style } = kept.pop()!;
    const bare = text.trimEnd();
    if (bare === "") continue;
    kept.push({ text: bare, style });
    break;
  }
  return kept
    .map(({ text, style }) => (styled(style) && text !== "" ? `\u001b[${style}m${text}\u001b[0m` : text))
    .join("");
}
