import {
  type AnalysisDefinition,
  openLake,
  saveAnalysis,
  saveBoard,
  saveCohort,
  savedAnalyses,
} from "../index.js";

const ORDER = "Order Completed";
/** What can be asked of the made-up shop, so that no page of its explorer is empty. */
const EXAMPLES: Readonly<Record<string, AnalysisDefinition>> = {
  "Orders by day": { analysis: "segmentation", events: [ORDER], measure: "totals", groupBy: "platform" },
  "From product to order": {
    analysis: "funnel",
    steps: ["Product Viewed", "Product Added", "Checkout Started", ORDER],
  },
  "Who comes back": { analysis: "retention", intervals: 6 },
  "How users come and go": { analysis: "lifecycle", event: "_active", history: "0d" },
  "After a search": { analysis: "paths", event: "Search", steps: 3 },
  "On what people are": { analysis: "composition", property: "platform" },
};

/** Saves example analyses, a board of them and a cohort in a demo's lake that has no analyses yet. */
export async function saveExamples(lake: string): Promise<void> {
  if ((await savedAnalyses(lake)).length > 0) return;
  for (const [name, definition] of Object.entries(EXAMPLES)) await saveAnalysis(lake, { name, definition });
  await saveBoard(lake, { name: "The shop", analyses: Object.keys(EXAMPLES) });
  const opened = await openLake(lake);
  try {
    await saveCohort(opened, "buyers", { did: ORDER, last: "30d" });
  } finally {
    await opened.close();
  }
}
