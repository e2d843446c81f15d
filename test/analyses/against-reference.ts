import fc from "fast-check";
import type { AnalysisSource } from "../../src/analyses/analysis-input.js";
import type { AnalysisResult } from "../../src/analyses/result.js";
import { expectAlike, runs } from "./alike.js";
import { type DataSet, dataSet } from "./generate-events.js";
import type { MadeSources } from "./made-source.js";
import type { PlainEvent, Setting } from "./reference/plain-event.js";

/** What an analysis and its reference are both asked. */
export interface Asked<Args> {
  readonly set: DataSet;
  readonly args: Args;
}

/** The rows of an analysis are those of its reference, whatever the events and the arguments. */
export async function expectAsReference<Args, Row>(
  sources: MadeSources,
  args: (set: DataSet) => fc.Arbitrary<Args>,
  analysis: (source: AnalysisSource, args: Args) => Promise<AnalysisResult<Row>>,
  reference: (events: readonly PlainEvent[], setting: Setting, args: Args) => readonly Row[],
  { numRuns = runs(200), sets = dataSet }: { numRuns?: number; sets?: fc.Arbitrary<DataSet> } = {},
): Promise<void> {
  const asked = sets.chain((set) => args(set).map((args): Asked<Args> => ({ set, args })));
  await fc.assert(
    fc.asyncProperty(asked, async ({ set: { events, setting }, args }) => {
      const { rows } = await analysis(await sources.of(events, setting), args);
      expectAlike(rows as Iterable<object>, reference(events, setting, args) as readonly object[]);
    }),
    { numRuns },
  );
}
