/**
 * Why an exchange brought no usable answer: `noAnswer` none came in time; `network` the connection failed or the
 * body was cut or too slow; `proxy` the proxy will not pass it on; `trust` the server's certificate was not
 * accepted; `notZip` a 200 holds something else; `redirect` it led elsewhere; `tooLong` the body passed the
 * limit; `disk` it could not be written.
 */
export type FaultKind =
  | "noAnswer"
  | "network"
  | "proxy"
  | "trust"
  | "notZip"
  | "redirect"
  | "tooLong"
  | "disk";

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

const WORDS: Readonly<Record<string, string>> = {
  ECONNRESET: "the connection was cut",
  EPIPE: "the connection was cut",
  ECONNREFUSED: "nothing listens at that address",
  ENOTFOUND: "the name of the server is unknown",
  EAI_AGAIN: "the name of the server cannot be looked up",
  ETIMEDOUT: "no connection came about in time",
  EHOSTUNREACH: "the server cannot be reached",
  ENETUNREACH: "the network cannot be reached",
};

/**
 * The fault behind an error of Node's HTTP client, from its code alone: what else such errors hold may be
 * addresses with passwords, or headers.
 */
export function faultOf(error: unknown, status: number): ExchangeFault {
  if (error instanceof ExchangeFault) return error;
  const code = codeOf(error);
  if (/CERT|SELF_SIGNED|^ERR_TLS|^ERR_SSL|UNABLE_TO_/.test(code)) {
    return new ExchangeFault("trust", `its certificate is not accepted (${code})`, status);
  }
  const words = code.startsWith("HPE_") ? "the answer is not HTTP" : (WORDS[code] ?? "the connection failed");
  return new ExchangeFault("network", `${words} (${code})`, status);
}

function codeOf(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ("code" in at && typeof at.code === "string") return at.code;
    if (at instanceof AggregateError && at.errors.length > 0) return codeOf(at.errors[0]);
  }
  return error instanceof Error ? error.name : "unknown";
}
