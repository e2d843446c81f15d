import { UsageError } from "../../../errors/index.js";
import { optionalPackage } from "../../../frame/convert/optional-package.js";

/** Twice as many pixels each way as the picture is large, for today's screens and for print. */
const ZOOM = 2;
const PROBE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text x="5" y="30">A</text></svg>';

/** How letters are found. */
export interface PngFonts {
  /** Default true; without the system's fonts there are none. */
  readonly loadSystemFonts?: boolean | undefined;
}

/**
 * The picture as PNG, drawn by `@resvg/resvg-js` with the system's fonts. Throws UsageError if that is not installed, or if
 * the system has no font, so that there is never a picture without its words.
 */
export async function svgToPng(svg: string, { loadSystemFonts = true }: PngFonts = {}): Promise<Uint8Array> {
  const { Resvg } = await optionalPackage(["@resvg/resvg-js"], () => import("@resvg/resvg-js"));
  const font = { loadSystemFonts };
  if (new Resvg(PROBE, { font }).getBBox() === undefined) {
    throw new UsageError(
      "This machine has no fonts, so a PNG would have no words.",
      "Install one, such as the package fonts-dejavu-core, or write .svg or .html.",
    );
  }
  return new Resvg(svg, { font, fitTo: { mode: "zoom", value: ZOOM } }).render().asPng();
}
