const LONGEST = 300;

/**
 * What the body of an error answer says in words: the message in Amplitude's JSON, the text of an HTML page, or
 * the body itself; one line, at most 300 characters, without controls. Empty if it says nothing.
 */
export function answerText(body: string): string {
  const message = fromJson(body) ?? (/^\s*</.test(body) ? fromHtml(body) : body);
  const line = message.replace(/[\p{C}\p{Z}]+/gu, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

function fromJson(body: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof value === "string") return value;
  const error = field(value, "error");
  const words = [
    field(field(error, "metadata"), "details"),
    field(error, "message"),
    error,
    field(value, "message"),
    field(value, "detail"),
  ].find(
    (words): words is string => typeof words === "string" && words !== "" && words !== "Unspecified Error",
  );
  return words ?? (field(error, "message") === "Unspecified Error" ? "" : body);
}

function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function fromHtml(body: string): string {
  const title = /<title[^>]*>([^<]*)/i.exec(body)?.[1]?.trim();
  return title || body.replace(/<(script|style)[\s\S]*?<\/\1>/gi, " ").replace(/<[^>]*>/g, " ");
}
