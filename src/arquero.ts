/** Frames to Arquero: `ampframe/arquero`. Needs the packages `arquero` and `@uwdata/flechette`. */
export { type ArqueroOptions, type ArqueroTable, toArquero } from "./frame/convert/to-arquero.js";
