/** `glob` as a regular expression for whole texts: `*` for anything but `/`, `**` for anything, `?` for one character, `[a-z]`, `[!a-z]`. */
export function globPattern(glob: string): string {
  return glob.replace(
    /\*\*|\*|\?|\[(!?)([^\]]+)\]|[\s\S]/gu,
    (part, not: string | undefined, set?: string) => {
      if (part === "**") return ".*";
      if (part === "*") return "[^/]*";
      if (part === "?") return ".";
      if (set !== undefined) return `[${not ? "^" : ""}${set.replace(/[\\[\]^&~]/g, "\\$&")}]`;
      return part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
    },
  );
}
