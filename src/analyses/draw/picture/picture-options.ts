import { UsageError } from "../../../errors/index.js";
import type { Theme } from "./palette.js";

/** How a picture is drawn. */
export interface PictureOptions {
  /** On light or on dark ground. Default `light`, which reads in print too. */
  readonly theme?: Theme | undefined;
  /** In pixels, from 320 to 4,000. Default 840. A PNG has twice as many. */
  readonly width?: number | undefined;
  /** In pixels, from 200 to 4,000, of charts over time and of flows; others are as tall as their rows. Default by the kind. */
  readonly height?: number | undefined;
}

const LEAST_WIDTH = 320;
const LEAST_HEIGHT = 200;
const MOST = 4000;

/** `options` with a theme, if they make sense. Throws UsageError. */
export function checkedPicture({ theme = "light", width, height }: PictureOptions): PictureOptions {
  if (theme !== "light" && theme !== "dark") {
    throw new UsageError(`There is no theme ${String(theme)}.`, 'The themes are "light" and "dark".');
  }
  checkSize("width", width, LEAST_WIDTH);
  checkSize("height", height, LEAST_HEIGHT);
  return { theme, width, height };
}

function checkSize(name: string, size: number | undefined, least: number): void {
  if (size === undefined || (size >= least && size <= MOST)) return;
  throw new UsageError(
    `A picture's ${name} of ${size} is not possible.`,
    `Give from ${least} to ${MOST.toLocaleString("en-US")} pixels.`,
  );
}
