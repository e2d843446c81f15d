/** Frames to nodejs-polars: `ampframe/polars`. Needs the package `nodejs-polars`. */
export { type PolarsDataFrame, toPolars } from "./frame/convert/to-polars.js";
