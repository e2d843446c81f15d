import { isUtf8 } from "node:buffer";

const MOST_BYTES = 240;
const UNSAFE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufffd]/gu;

/** The beginning of a line as one line of text: control characters and bytes that are not UTF-8 as escapes. */
export function excerptOf(raw: Uint8Array): string {
  const bytes = raw.subarray(0, MOST_BYTES);
  const more = raw.length > bytes.length ? "…" : "";
  const whole = withoutCutCharacter(bytes, more !== "");
  if (!isUtf8(whole)) return `${escapedBytes(bytes)}${more}`;
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(whole);
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `${text.replace(UNSAFE, escaped)}${more}`;
}

/** A character that the cut has gone through is left out. */
function withoutCutCharacter(bytes: Uint8Array, cut: boolean): Uint8Array {
  for (let left = 1; cut && left <= 4; left++) {
    const byte = bytes[bytes.length - left] ?? 0;
    if (byte < 0x80) break;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    if (byte >= 0xc0) return left < length ? bytes.subarray(0, bytes.length - left) : bytes;
  }
  return bytes;
}

function escapedBytes(bytes: Uint8Array): string {
  return [...bytes]
    .map((byte) =>
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`,
    )
    .join("");
}
