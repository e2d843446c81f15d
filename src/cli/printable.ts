const UNSAFE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** `text` without what could steer a terminal: words of a server or of a file may hold anything. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => {
    if (character === "\n" || character === "\t") return character;
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** As `printable`, on one line. */
export function printableLine(text: string): string {
  return printable(text).replace(/\s*\n\s*/g, " ");
}
