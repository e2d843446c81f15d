import type { Measure } from "./segmentation.js";

/** What a measure counts, as a chart's title has it: `users`, `sum of price`. */
export function measureWords(measure: Measure = "uniques"): string {
  switch (measure) {
    case "uniques":
      return "users";
    case "totals":
      return "events";
    case "average":
      return "events per user";
    case "active %":
      return "users per 100 active users";
  }
  if ("sum" in measure) return `sum of ${measure.sum}`;
  if ("average" in measure) return `average ${measure.average}`;
  if ("median" in measure) return `median ${measure.median}`;
  if ("min" in measure) return `least ${measure.min}`;
  if ("max" in measure) return `greatest ${measure.max}`;
  if ("distinct" in measure) return `different values of ${measure.distinct}`;
  if ("distinctPerUser" in measure) return `different values of ${measure.distinctPerUser} per user`;
  if ("sumPerUser" in measure) return `${measure.sumPerUser} per user`;
  return `percentile ${measure.p} of ${measure.percentile}`;
}
