// The explorer's door, for the command line.
export { type Explorer, type ExplorerOptions, startExplorer } from "./server/start.js";
