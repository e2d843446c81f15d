import { useMemo, useState } from "preact/hooks";
import { usePageState } from "../../state/page-state.js";
import { selection as looked, pageRoute } from "../../state/selection.js";
import { useStore } from "../../state/store.js";
import { FaultNote } from "../../ui/fault-note.js";
import { Icon } from "../../ui/icon.js";
import { Link } from "../../ui/link.js";
import { Menu } from "../../ui/menu.js";
import { shown } from "../../ui/text.js";
import { useAnswer } from "../../ui/use-answer.js";
import { Board } from "./board.js";
import { Builder } from "./builder.js";
import { CohortDialog } from "./cohort-dialog.js";
import { ANALYSES, choicesOf, draftOf, readDraft } from "./draft.js";
import { isUnfinished } from "./fields/measure.js";
import { Result } from "./result.js";
import { SaveDialog } from "./save-dialog.js";
import { useSaved } from "./saved.js";
import { SavedMenu } from "./saved-menu.js";

const TABS = 6;

/** The page "Analyses": one that is built and drawn at once, or a board of saved ones. The URL holds the definition as JSON. */
export default function Analyses() {
  const [board] = usePageState("board");
  return board === "" ? <Workbench /> : <BoardPage name={board} />;
}

function BoardPage({ name }: { name: string }) {
  const saved = useSaved();
  const board = saved?.boards.find((one) => one.name === name);
  return (
    <>
      <header class="analyses-head">
        <h1>{shown(name)}</h1>
        <Link class="button" to={pageRoute("analyses")}>
          New analysis
        </Link>
        <SavedMenu />
      </header>
      {saved === undefined ? (
        <p class="muted">Looking…</p>
      ) : board ? (
        <Board board={board} analyses={saved.analyses} />
      ) : (
        <FaultNote fault={new Error(`There is no board "${name}".`)} />
      )}
    </>
  );
}

function Workbench() {
  const selection = useStore(looked);
  const names = useAnswer("names", { kind: "events" });
  const [text, setText] = usePageState("q");
  const [savedAs, setSavedAs] = usePageState("saved");
  const [dialog, setDialog] = useState<"save" | "cohort">();
  const top = useMemo(() => (names.data?.names ?? []).map(({ name }) => name), [names.data]);
  const given = useMemo(() => readDraft(text), [text]);
  const draft = given ?? (names.data && draftOf("segmentation", top));
  if (names.fault !== undefined) return <FaultNote fault={names.fault} retry={names.retry} />;
  if (draft === undefined) return <h1 class="muted">Analyses</h1>;
  const change = (next: object) => setText(JSON.stringify(next), { push: true });
  const open = (name: (typeof ANALYSES)[number]["name"]) => change(draftOf(name, top, draft));
  const isReady = !isUnfinished(draft.measure) && draft.property !== "";
  const more = ANALYSES.slice(TABS);
  const chosenMore = more.find(({ name }) => name === draft.analysis);
  return (
    <>
      <h1 class="hidden-text">Analyses</h1>
      <header class="analyses-head">
        <div class="tabs" role="tablist" aria-label="Analysis">
          {ANALYSES.slice(0, TABS).map(({ name, title, says }) => (
            <button
              key={name}
              type="button"
              role="tab"
              title={says}
              aria-selected={draft.analysis === name}
              onClick={() => open(name)}
            >
              {title}
            </button>
          ))}
        </div>
        <Menu
          class={`button quiet ${chosenMore ? "chosen" : ""}`}
          label="More analyses"
          button={
            <>
              {chosenMore?.title ?? "More"} <Icon name="down" />
            </>
          }
          items={more.map(({ name, title }) => ({ label: title, act: () => open(name) }))}
        />
        <span class="space" />
        <button type="button" class="button" onClick={() => setDialog("cohort")}>
          <Icon name="users" /> Cohort
        </button>
        <button type="button" class="button" onClick={() => setDialog("save")}>
          <Icon name="save" /> Save
        </button>
        <SavedMenu />
      </header>
      {savedAs !== "" && <p class="muted">Saved as {shown(savedAs)}</p>}
      <div class="workbench">
        <Builder key={draft.analysis} draft={draft} onChange={change} />
        <section class="workbench-result" aria-label="Result">
          {isReady ? (
            <Result draft={draft} selection={selection} />
          ) : (
            <p class="result-wait muted">Choose a property.</p>
          )}
        </section>
      </div>
      {dialog === "save" && (
        <SaveDialog
          draft={draft}
          selection={selection}
          name={savedAs}
          onSaved={(name) => {
            setSavedAs(name);
            setDialog(undefined);
          }}
          onClose={() => setDialog(undefined)}
        />
      )}
      {dialog === "cohort" && (
        <CohortDialog
          choice={
            ["events", "steps", "event"].flatMap((part) => choicesOf(draft[part]))[0] ?? { event: "_active" }
          }
          onClose={() => setDialog(undefined)}
        />
      )}
    </>
  );
}
