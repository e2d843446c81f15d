import type { AnalysisBoard, SavedAnalysis } from "../../../../index.js";
import { ask } from "../../api.js";
import { withSelection } from "../../state/selection-params.js";
import { ChartView } from "../../ui/chart/chart.js";
import { FaultNote } from "../../ui/fault-note.js";
import { Icon } from "../../ui/icon.js";
import { Link } from "../../ui/link.js";
import { Menu } from "../../ui/menu.js";
import { PickList } from "../../ui/pick/pick-list.js";
import { Popover } from "../../ui/popover.js";
import { shown } from "../../ui/text.js";
import { toast } from "../../ui/toast.js";
import { useAnswer } from "../../ui/use-answer.js";
import { refreshSaved } from "./saved.js";

interface BoardProps {
  readonly board: AnalysisBoard;
  readonly analyses: readonly SavedAnalysis[];
}

/** Saved analyses beside each other, each with the selection that it was saved with. */
export function Board({ board, analyses }: BoardProps) {
  const change = async (names: readonly string[]) => {
    try {
      await ask("save-board", { ...board, analyses: names });
      await refreshSaved();
    } catch (fault) {
      toast(fault instanceof Error ? fault.message : String(fault), { bad: true });
    }
  };
  const others = analyses.filter(({ name }) => !board.analyses.includes(name));
  return (
    <div class="board">
      {board.analyses.map((name, i) => (
        <article key={name} class="board-card" aria-label={name}>
          <Card
            name={name}
            analysis={analyses.find((one) => one.name === name)}
            onRemove={() => change(board.analyses.filter((one) => one !== name))}
            onFirst={
              i === 0 ? undefined : () => change([name, ...board.analyses.filter((one) => one !== name)])
            }
          />
        </article>
      ))}
      {others.length > 0 && (
        <Popover
          class="board-add"
          button={
            <>
              <Icon name="plus" /> Add a saved analysis
            </>
          }
        >
          {(close) => (
            <PickList
              label="Saved analysis"
              options={others.map(({ name, definition }) => ({
                key: name,
                label: name,
                detail: definition.analysis,
              }))}
              onPick={({ key }) => {
                void change([...board.analyses, key]);
                close();
              }}
            />
          )}
        </Popover>
      )}
      {board.analyses.length === 0 && others.length === 0 && (
        <p class="muted">Save an analysis first; then it can be put on this board.</p>
      )}
    </div>
  );
}

interface CardProps {
  readonly name: string;
  readonly analysis: SavedAnalysis | undefined;
  readonly onRemove: () => void;
  readonly onFirst: (() => void) | undefined;
}

function Card({ name, analysis, onRemove, onFirst }: CardProps) {
  const { data, fault, retry } = useAnswer(
    "analysis",
    analysis && {
      definition: analysis.definition,
      ...(analysis.selection && { selection: analysis.selection }),
    },
  );
  const actions = [
    ...(onFirst ? [{ label: "Put first", act: onFirst }] : []),
    { label: "Take off the board", icon: "close" as const, act: onRemove },
  ];
  return (
    <>
      <header class="board-card-head">
        <h2>{analysis ? <Link to={routeOf(analysis)}>{shown(name)}</Link> : shown(name)}</h2>
        <Menu label={`More on ${name}`} items={actions} />
      </header>
      {analysis === undefined ? (
        <p class="muted">This analysis was deleted.</p>
      ) : fault !== undefined ? (
        <FaultNote fault={fault} retry={retry} />
      ) : data === undefined ? (
        <p class="result-wait muted">Counting…</p>
      ) : (
        <ChartView chart={data.chart} height={220} titled={false} />
      )}
    </>
  );
}

/** Where a saved analysis opens. */
export function routeOf({ name, definition, selection }: SavedAnalysis) {
  const own = new URLSearchParams({ q: JSON.stringify(definition), saved: name });
  return { page: "analyses", params: withSelection(own, selection ?? {}) };
}
