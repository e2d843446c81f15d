/** Takes secrets out of texts. The last guard: no message should hold one in the first place. */
export interface Redaction {
  /** From now on `secret` is taken out, as it is, URL-encoded and in base64. Texts under 6 characters are not. */
  add(secret: string): void;
  /** `text` with every known secret replaced by `[hidden]`. */
  clean(text: string): string;
}

/** A redaction that knows no secret yet. */
export function createRedaction(): Redaction {
  const known = new Set<string>();
  return {
    add(secret) {
      if (secret.length < 6) return;
      known.add(secret).add(encodeURIComponent(secret)).add(Buffer.from(secret).toString("base64"));
      known.add(JSON.stringify(secret).slice(1, -1));
    },
    clean(text) {
      let clean = text;
      for (const secret of [...known].sort((a, b) => b.length - a.length)) {
        clean = clean.replaceAll(secret, "[hidden]");
      }
      return clean;
    },
  };
}
