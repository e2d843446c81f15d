export type { Answer, DownloadLogEntry, DownloadProgress } from "./answer.js";
export { type Credentials, fingerprint, ProjectKeys, redact } from "./credentials.js";
export { type DownloadOptions, downloadWindow } from "./download.js";
export { type DownloadEffects, REAL_EFFECTS } from "./effects.js";
export { chooseEndpoint, type Endpoint, type EndpointOptions, type Region } from "./endpoint.js";
export { DEFAULT_DOWNLOAD_LIMITS, type DownloadLimits } from "./limits.js";
export { exportRequest, sourceId } from "./request.js";
export { MAX_WINDOW_HOURS, planWindows, splitWindow } from "./window.js";
