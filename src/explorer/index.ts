// The explorer's door, for the command line.

export type { Pull } from "./server/pull-job.js";
export { type Explorer, type ExplorerOptions, startExplorer } from "./server/start.js";
