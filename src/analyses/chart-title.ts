/** Amplitude's special events in words. */
const WORDS: Readonly<Record<string, string>> = {
  _new: "new users",
  _active: "any active event",
  _all: "any event",
};

/** The name of chosen events as a chart's title has it: special events in words. */
export function eventWords(name: string): string {
  return name.replace(/^_(?:new|active|all)(?= |$)/, (special) => WORDS[special] ?? special);
}

/** As `eventWords`, at the beginning of a title. */
export function titleWords(name: string): string {
  const words = eventWords(name);
  return words === name ? name : `${words[0]?.toUpperCase()}${words.slice(1)}`;
}
