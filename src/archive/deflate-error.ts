/** Deflated data that zlib cannot undo; the message carries zlib's words. */
export class DeflateError extends Error {
  override readonly name = "DeflateError";

  constructor(words: string, options?: { cause?: unknown }) {
    super(
      words === "unexpected end of file"
        ? "the deflated data are cut short"
        : `the deflated data are damaged (${words})`,
      options,
    );
  }
}
