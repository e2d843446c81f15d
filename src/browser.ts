// What of the library runs in a browser, too, for the explorer's page: pure functions, nothing of Node.

export { type FunnelStep, funnelSteps } from "./analyses/draw/funnel-steps.js";
export { heatOf, heatRange, heatText } from "./analyses/draw/heat.js";
export { drawable, NOTHING, numberText } from "./analyses/draw/numbers.js";
export { type FlowLink, type FlowNode, flowLayout } from "./analyses/draw/picture/flow-layout.js";
export { HEAT_COLORS, paletteCss, SERIES_COLORS, seriesColor } from "./analyses/draw/picture/palette.js";
export { position, type Scale, scaleOf, tickText } from "./analyses/draw/scale.js";
export { foldedParts, type StackedPart, stackedParts } from "./analyses/draw/stacked.js";
export { FILTER_OPERATORS } from "./analyses/filter-operators.js";
export { eventText, filtersText, filterText, parseEvent, parseFilters } from "./analyses/filter-text.js";
export { FIELDS } from "./event.js";
export { escaped } from "./frame/print/cell-text.js";
