import type { PullOptions } from "../index.js";
import type { FoundCredentials } from "./credentials.js";
import type { Invocation } from "./invocation.js";
import { lakeFolder } from "./lake-folder.js";
import { limitsIn } from "./limits.js";
import { bothEnds } from "./range.js";

/** What the command line says of a pull. Throws UsageError. */
export function pullOptionsOf(invocation: Invocation, found: FoundCredentials): PullOptions {
  const { options, signal } = invocation;
  const {
    region = found.region,
    endpoint,
    insecureHttp,
    project,
    last,
    from,
    to,
    concurrency,
    keepArchives,
  } = options;
  return {
    lake: lakeFolder(options, invocation),
    credentials: found.credentials,
    signal,
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(insecureHttp === undefined ? {} : { insecureHttp }),
    ...(project === undefined ? {} : { project }),
    ...(last === undefined ? {} : { last }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(options.refresh === undefined ? {} : { refresh: bothEnds("--refresh", options.refresh) }),
    ...(options.fresh === undefined ? {} : { fresh: options.fresh }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(keepArchives === undefined ? {} : { keepArchives }),
    ...(options.minFree === undefined ? {} : { minFree: options.minFree }),
    limits: limitsIn(options.limit),
    ...(options.settle === undefined ? {} : { settleHours: options.settle }),
  };
}
