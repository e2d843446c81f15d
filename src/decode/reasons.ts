/** Why a line could not be taken, by the number that the decoder gives (see assembly/reasons.ts). */
const WORDS = [
  "",
  "the line ends in the middle of a value",
  "not valid JSON",
  "not a valid JSON number",
  "a control character inside a string; JSON wants it escaped",
  "an escape that JSON does not know",
  "half of a surrogate pair (\\ud800 to \\udfff alone), which is no character",
  "bytes that are not UTF-8",
  "nested deeper than is taken",
  "valid JSON, but not an object; an event is an object",
  "text behind the end of the object",
  "the same field twice",
  "no uuid",
  "no event_type",
  "no valid server_upload_time",
] as const;

const CUT_OFF = 1;
const TOO_DEEP = 8;
const NO_UUID = 12;
const ERROR_BODY = /^\s*\{\s*"(error|errors|code|message|status)"\s*:/;
const PRETTY_START = /^\s*[{[]\s*$/;

/** The words for a rejected line; `levels` are the most that are taken. */
export function reasonInWords(reason: number, raw: Uint8Array, levels: number): string {
  if (reason === TOO_DEEP) return `nested deeper than ${levels} levels`;
  if (reason === NO_UUID && ERROR_BODY.test(Buffer.from(raw.subarray(0, 200)).toString("latin1"))) {
    return "an error message in JSON, not an event";
  }
  return WORDS[reason] ?? `reason ${reason}`;
}

/** True if a rejected first line looks like the start of JSON that is spread over several lines. */
export function startsPrettyJson(reason: number, raw: Uint8Array): boolean {
  return reason === CUT_OFF && raw.length < 100 && PRETTY_START.test(Buffer.from(raw).toString("latin1"));
}
