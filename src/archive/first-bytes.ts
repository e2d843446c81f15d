const MAGIC: readonly (readonly [name: string, bytes: readonly number[]])[] = [
  ["a Parquet file", [0x50, 0x41, 0x52, 0x31]],
  ["a zstd file", [0x28, 0xb5, 0x2f, 0xfd]],
  ["a bzip2 file", [0x42, 0x5a, 0x68]],
  ["an xz file", [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ["a 7-Zip file", [0x37, 0x7a, 0xbc, 0xaf]],
  ["a RAR file", [0x52, 0x61, 0x72, 0x21]],
  ["an Avro file", [0x4f, 0x62, 0x6a, 0x01]],
  ["UTF-16 text", [0xff, 0xfe]],
  ["UTF-16 text", [0xfe, 0xff]],
];

/** True if `head` starts as a zip does: a first entry, an empty zip's end record, or a spanning mark. */
export function startsAsZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && head[2]! < 0x09 && head[3]! < 0x09;
}

/** True if `head` starts as gzip does. */
export function startsAsGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** What a file that is neither zip, gzip nor NDJSON is, as `an HTML page`; undefined if that is not known. */
export function foreignKind(head: Uint8Array): string | undefined {
  for (const [name, bytes] of MAGIC) {
    if (bytes.every((byte, i) => head[i] === byte)) return name;
  }
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 256)).toString("latin1");
  if (/^\s*(<!doctype html|<html|<head|<body)/i.test(text)) return "an HTML page";
  if (/^\s*<(\?xml|[A-Za-z])/.test(text)) return "an XML document";
  return undefined;
}

/**
 * True if `body`, a whole file, is one JSON object that reports an error and is no event: what a script saves
 * when it does not look at the status of Amplitude's answer.
 */
export function isErrorBody(body: Uint8Array): boolean {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString("utf8"));
  } catch {
    return false;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return ("error" in value || "errors" in value) && !("event_type" in value) && !("uuid" in value);
}

/** The first `limit` characters of `bytes` for a message: controls and line ends are shown as dots. */
export function printable(bytes: Uint8Array, limit = 80): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, limit * 4)).toString(
    "utf8",
  );
  const short = text.length > limit ? `${text.slice(0, limit)}…` : text;
  return short.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ".");
}
