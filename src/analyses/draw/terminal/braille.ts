import type { Line, Span } from "./line.js";

/** Bits of the dots of a braille character, by column and row. Source: Unicode, block Braille Patterns */
const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;
const EMPTY = 0x2800;

/** Dots, two by four in each character. */
export class BrailleCanvas {
  /** The style of what is drawn next. Where lines share a character it has that of the last one. */
  style: string | undefined;
  readonly #columns: number;
  readonly #bits: Uint8Array;
  readonly #styles: (string | undefined)[];

  constructor(columns: number, rows: number) {
    this.#columns = columns;
    this.#bits = new Uint8Array(columns * rows);
    this.#styles = new Array(columns * rows);
  }

  /** A straight line between two dots, both included. */
  line(fromX: number, fromY: number, toX: number, toY: number): void {
    const steps = Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY), 1);
    for (let i = 0; i <= steps; i++) {
      const part = i / steps;
      this.#dot(Math.round(fromX + (toX - fromX) * part), Math.round(fromY + (toY - fromY) * part));
    }
  }

  /** The characters, those of one style in one span. */
  lines(): Line[] {
    const rows = this.#bits.length / this.#columns;
    return Array.from({ length: rows }, (_, row) => {
      const spans: Span[] = [];
      for (let i = row * this.#columns; i < (row + 1) * this.#columns; i++) {
        const bits = this.#bits[i]!;
        const [text, style] =
          bits === 0 ? [" ", undefined] : [String.fromCharCode(EMPTY + bits), this.#styles[i]];
        const last = spans.at(-1);
        if (last && last.style === style) spans[spans.length - 1] = { text: last.text + text, style };
        else spans.push({ text, style });
      }
      return spans;
    });
  }

  #dot(x: number, y: number): void {
    const cell = Math.floor(y / 4) * this.#columns + Math.floor(x / 2);
    this.#bits[cell] = this.#bits[cell]! | DOTS[x % 2 === 0 ? 0 : 1][y % 4]!;
    this.#styles[cell] = this.style;
  }
}
