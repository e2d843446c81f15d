/** Frames to Arrow tables: `ampframe/arrow`. Needs the package `@uwdata/flechette`. */
export { type ArrowOptions, type ArrowTable, toArrow } from "./frame/convert/to-arrow.js";
