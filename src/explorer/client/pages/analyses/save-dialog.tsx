import { useState } from "preact/hooks";
import type { Selection } from "../../../api.js";
import { ask } from "../../api.js";
import { Dialog } from "../../ui/dialog.js";
import { FaultNote } from "../../ui/fault-note.js";
import { toast } from "../../ui/toast.js";
import { type Draft, definitionOf } from "./draft.js";
import { refreshSaved } from "./saved.js";

interface SaveDialogProps {
  readonly draft: Draft;
  readonly selection: Selection;
  /** The name that it has already. */
  readonly name: string;
  readonly onSaved: (name: string) => void;
  readonly onClose: () => void;
}

/** Asks for a name and keeps the analysis in the lake. */
export function SaveDialog({ draft, selection, name: given, onSaved, onClose }: SaveDialogProps) {
  const [name, setName] = useState(given);
  const [fault, setFault] = useState<unknown>();
  const save = async () => {
    try {
      const isAll = Object.keys(selection).length === 0;
      await ask("save-analysis", {
        name: name.trim(),
        definition: definitionOf(draft),
        ...(!isAll && { selection }),
      });
      await refreshSaved();
      toast(`Saved as "${name.trim()}".`);
      onSaved(name.trim());
    } catch (error) {
      setFault(error);
    }
  };
  return (
    <Dialog title="Save this analysis" onClose={onClose}>
      <form
        class="save-form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <input
          class="field"
          autofocus
          aria-label="Name"
          placeholder="Name"
          value={name}
          onInput={({ currentTarget }) => setName(currentTarget.value)}
        />
        <p class="muted">It is a small file in the lake. `ampframe analysis` runs it by this name, too.</p>
        {fault !== undefined && <FaultNote fault={fault} />}
        <div class="form-foot">
          <button type="submit" class="button primary" disabled={name.trim() === ""}>
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}
