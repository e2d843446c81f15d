import { useState } from "preact/hooks";
import type { AnalysisAnswer, Selection } from "../../../api.js";
import { ChartView } from "../../ui/chart/chart.js";
import { FaultNote } from "../../ui/fault-note.js";
import { Icon } from "../../ui/icon.js";
import { VirtualTable } from "../../ui/table/virtual-table.js";
import { Tabs } from "../../ui/tabs.js";
import { shown } from "../../ui/text.js";
import { useAnswer } from "../../ui/use-answer.js";
import { Code } from "./code.js";
import { type Draft, definitionOf } from "./draft.js";
import { Explained } from "./explained.js";
import { rowColumns } from "./row-columns.js";

const VIEWS = [
  ["rows", "Rows"],
  ["explain", "Explain"],
  ["code", "Copy as code"],
] as const;
/** In pixels. */
const [ROW, HEAD, MOST_HEIGHT] = [32, 38, 420];
type View = (typeof VIEWS)[number][0];

interface ResultProps {
  readonly draft: Draft;
  readonly selection: Selection;
}

/** The picture of an analysis, and below it its rows, its explanation and its code. */
export function Result({ draft, selection }: ResultProps) {
  const { data, loading, fault, retry } = useAnswer("analysis", {
    definition: definitionOf(draft),
    selection,
  });
  if (fault !== undefined) return <FaultNote fault={fault} retry={retry} />;
  if (data === undefined) return <p class="result-wait muted">Counting…</p>;
  // While another analysis is awaited, what is there is the answer to the one before.
  return (
    <div class={`result ${loading ? "old" : ""}`} aria-busy={loading}>
      {data.warnings.map((text) => (
        <p key={text} class="result-warning" role="note">
          <Icon name="warning" />
          {shown(text)}
        </p>
      ))}
      <ChartView chart={data.chart} height={320} />
      <Views answer={data} />
    </div>
  );
}

function Views({ answer }: { answer: AnalysisAnswer }) {
  const [view, setView] = useState<View>("rows");
  return (
    <section class="result-views">
      <Tabs label="Beside the picture" tabs={VIEWS} chosen={view} panel="result-view" onChoose={setView}>
        <span class="muted result-time">
          {answer.rows.length.toLocaleString("en-US")} rows{answer.cut ? ", cut" : ""} ·{" "}
          {(answer.milliseconds / 1000).toFixed(2)} s
        </span>
      </Tabs>
      <div id="result-view" role="tabpanel" aria-labelledby={`tab-${view}`} tabIndex={0}>
        {view === "rows" && (
          <div class="result-rows" style={{ height: Math.min(MOST_HEIGHT, HEAD + ROW * answer.rows.length) }}>
            <VirtualTable
              label="Rows of the analysis"
              columns={rowColumns(answer)}
              total={answer.rows.length}
              row={(index) => answer.rows[index]}
              empty="No rows."
            />
          </div>
        )}
        {view === "explain" && <Explained explanation={answer.explanation} />}
        {view === "code" && <Code code={answer.code} />}
      </div>
    </section>
  );
}
