import { type PlotOptions, plot } from "@observablehq/plot";
import { escaped } from "../../../frame/print/cell-text.js";
import { clipped, displayWidth } from "../../../frame/print/display-width.js";
import { color } from "./palette.js";
import { type SvgDocument, SvgElement } from "./svg-document.js";

/** What is drawn below the title. */
export interface Drawing {
  readonly node: SvgElement;
  readonly height: number;
  /** Names and colours, where they do not stand in the picture itself. */
  readonly legend?: readonly LegendEntry[] | undefined;
  readonly notes?: readonly string[] | undefined;
}

/** One entry of a legend. */
export interface LegendEntry {
  readonly name: string;
  readonly color: string;
  readonly dashed?: boolean | undefined;
}

/** Where it is drawn. */
export interface Room {
  readonly document: SvgDocument;
  readonly width: number;
  /** As wanted by the caller; default by the kind of chart. */
  readonly height: number | undefined;
}

export const FONT_SIZE = 12;
/** Of the height of the letters: what a letter is wide in the wider fonts. */
const LETTER = 0.6;

/** How wide `text` will be, about: fonts differ. */
export function textWidth(text: string, size = FONT_SIZE): number {
  return displayWidth(text) * size * LETTER;
}

/** A name from outside without control characters, so short that it is about as wide as said. */
export function nameText(text: string, width: number, size = FONT_SIZE): string {
  return clipped(escaped(text), Math.max(2, Math.floor(width / (size * LETTER))));
}

/** The width of the widest. */
export function widestText(texts: readonly string[], size = FONT_SIZE): number {
  return texts.reduce((most, text) => Math.max(most, textWidth(text, size)), 0);
}

/** What Observable Plot draws, as a group. */
export function plotted(document: SvgDocument, options: PlotOptions): SvgElement {
  const given: object = { figure: false, ...options, document };
  const drawn: unknown = plot(given);
  const group = document.make("g", { fill: color("ink"), "text-anchor": "middle" });
  if (!(drawn instanceof SvgElement)) return group;
  // Its style sheet is for a page; what it says is said by attributes here.
  for (const child of drawn.children) if (child.tagName !== "style") group.appendChild(child);
  return group;
}
