/**
 * Why an exchange brought no usable answer: `noAnswer` none came in time; `network` the connection failed or the
 * body was cut or too slow; `trust` the server's certificate was not accepted; `notZip` a 200 holds something
 * else; `redirect` it led elsewhere; `tooLong` the body passed the limit; `disk` it could not be written.
 */
export type FaultKind = "noAnswer" | "network" | "trust" | "notZip" | "redirect" | "tooLong" | "disk";

/** An exchange that failed. Its message is part of a sentence and holds no secret. */
export class ExchangeFault extends Error {
  override readonly name = "ExchangeFault";

  constructor(
    readonly kind: FaultKind,
    message: string,
    /** Of the answer; 0 if there was none. */
    readonly status = 0,
  ) {
    super(message);
  }
}

/**
 * The fault behind an error of the HTTP client, from its code alone: the client's own messages may hold
 * addresses with passwords.
 */
export function faultOf(error: unknown, status: number): ExchangeFault {
  if (error instanceof ExchangeFault) return error;
  const code = codeOf(error);
  const words = WORDS[code];
  if (code === "UND_ERR_HEADERS_TIMEOUT") return new ExchangeFault("noAnswer", words!, status);
  if (/CERT|SELF_SIGNED|^ERR_TLS|^ERR_SSL|UNABLE_TO_/.test(code)) {
    return new ExchangeFault("trust", `the server's certificate is not accepted (${code})`, status);
  }
  return new ExchangeFault(
    "network",
    words ? `${words} (${code})` : `the connection failed (${code})`,
    status,
  );
}

const WORDS: Readonly<Record<string, string>> = {
  UND_ERR_HEADERS_TIMEOUT: "no answer came in time",
  UND_ERR_CONNECT_TIMEOUT: "no connection came about in time",
  UND_ERR_BODY_TIMEOUT: "the body stopped coming",
  UND_ERR_SOCKET: "the connection was cut",
  UND_ERR_ABORTED: "the proxy refused the connection",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "the body is not as long as announced",
  ECONNRESET: "the connection was cut",
  ECONNREFUSED: "nothing listens at that address",
  ENOTFOUND: "the name of the server is unknown",
  EAI_AGAIN: "the name of the server cannot be looked up",
  ETIMEDOUT: "no connection came about in time",
};

function codeOf(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at instanceof AggregateError && !("code" in at) && at.errors.length > 0) return codeOf(at.errors[0]);
    if ("code" in at && typeof at.code === "string") return at.code;
  }
  return error instanceof Error ? error.name : "unknown";
}
