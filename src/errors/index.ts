export { AmpframeError, type ExitStatus, isAmpframeError } from "./ampframe-error.js";
export { ArchiveError } from "./archive-error.js";
export { CancelledError } from "./cancelled-error.js";
export { CredentialsError } from "./credentials-error.js";
export { DownloadError } from "./download-error.js";
export { LakeError } from "./lake-error.js";
export { QueryError } from "./query-error.js";
export { UsageError } from "./usage-error.js";
