import { ask } from "../../api.js";
import { go } from "../../state/route.js";
import { pageRoute } from "../../state/selection.js";
import { FaultNote } from "../../ui/fault-note.js";
import { Icon } from "../../ui/icon.js";
import { Link } from "../../ui/link.js";
import { Popover } from "../../ui/popover.js";
import { shown } from "../../ui/text.js";
import { toast } from "../../ui/toast.js";
import { routeOf } from "./board.js";
import { refreshSaved, useSaved } from "./saved.js";

/** What is kept in the lake: analyses and boards, to open or delete; and a field that makes a board. */
export function SavedMenu() {
  const saved = useSaved();
  const act = async (what: Promise<unknown>) => {
    try {
      await what;
      await refreshSaved();
    } catch (fault) {
      toast(fault instanceof Error ? fault.message : String(fault), { bad: true });
    }
  };
  const make = async (name: string) => {
    await act(ask("save-board", { name, analyses: [] }));
    go(pageRoute("analyses", { board: name }));
  };
  return (
    <Popover
      label="Saved analyses and boards"
      button={
        <>
          <Icon name="save" /> Saved
        </>
      }
    >
      {(close) => (
        <div class="saved">
          {saved?.fault !== undefined && <FaultNote fault={saved.fault} />}
          <h3>Boards</h3>
          <ul>
            {saved?.boards.map(({ name }) => (
              <li key={name} onClick={close}>
                <Link to={pageRoute("analyses", { board: name })}>{shown(name)}</Link>
                <Delete name={name} act={() => act(ask("delete-board", { name }))} />
              </li>
            ))}
          </ul>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              const name = String(new FormData(event.currentTarget).get("board") ?? "").trim();
              if (name === "") return;
              close();
              void make(name);
            }}
          >
            <input class="field" name="board" aria-label="Name of a new board" placeholder="New board" />
          </form>
          <h3>Analyses</h3>
          {saved?.analyses.length === 0 && <p class="muted">Nothing is saved yet.</p>}
          <ul>
            {saved?.analyses.map((analysis) => (
              <li key={analysis.name} onClick={close}>
                <Link to={routeOf(analysis)}>{shown(analysis.name)}</Link>
                <Delete
                  name={analysis.name}
                  act={() => act(ask("delete-analysis", { name: analysis.name }))}
                />
              </li>
            ))}
          </ul>
        </div>
      )}
    </Popover>
  );
}

function Delete({ name, act }: { name: string; act: () => void }) {
  return (
    <button
      type="button"
      class="icon-button small"
      aria-label={`Delete ${name}`}
      onClick={(event) => {
        event.stopPropagation();
        act();
      }}
    >
      <Icon name="trash" />
    </button>
  );
}
