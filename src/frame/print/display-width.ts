let segmenter: Intl.Segmenter | undefined;

/** The segmenter takes milliseconds to make: not before a text needs it. */
function graphemes(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return segmenter.segment(text);
}

const ASCII = /^[\x20-\x7e]*$/;
const EMOJI = /\p{Emoji_Presentation}|\p{Emoji}\uFE0F|\p{Regional_Indicator}{2}/u;
const INVISIBLE = /^[\p{Mark}\p{Default_Ignorable_Code_Point}]+$/u;

/** Ranges of code points that terminals draw two columns wide (East_Asian_Width W and F, Unicode 16). */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6b],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1aff0, 0x1b2fb],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
];

/** How many columns of a terminal `text` takes. It must hold no control characters. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes(text)) width += graphemeWidth(segment);
  return width;
}

/** `text` if it fits into `width` columns, else as much of it as fits before an ellipsis. */
export function clipped(text: string, width: number): string {
  // No character is wider than two columns for each of its UTF-16 units, so short texts need no measuring.
  if (text.length * 2 <= width || displayWidth(text) <= width) return text;
  let kept = "";
  let used = 0;
  for (const { segment } of graphemes(text)) {
    used += graphemeWidth(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** `text` if it fits into `width` columns, else its start, a third of what fits, and its end around an ellipsis. */
export function clippedWithin(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  const start = clipped(text, Math.max(1, Math.floor(width / 3)));
  let end = "";
  let left = width - displayWidth(start);
  for (const { segment } of [...graphemes(text)].reverse()) {
    left -= graphemeWidth(segment);
    if (left < 0) break;
    end = segment + end;
  }
  return start + end;
}

function graphemeWidth(grapheme: string): number {
  const code = grapheme.codePointAt(0) ?? 0;
  if (code >= 0x20 && code < 0x7f && grapheme.length === 1) return 1;
  if (EMOJI.test(grapheme)) return 2;
  if (INVISIBLE.test(grapheme)) return 0;
  return WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}
