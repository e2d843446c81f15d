import { useState } from "preact/hooks";
import { ask } from "../../api.js";
import { Dialog } from "../../ui/dialog.js";
import { FaultNote } from "../../ui/fault-note.js";
import { counted } from "../../ui/text.js";
import { toast } from "../../ui/toast.js";
import type { Choice } from "./draft.js";
import { EventChoiceField } from "./fields/event-choice.js";

interface CohortDialogProps {
  /** The event that is proposed. */
  readonly choice: Choice;
  readonly onClose: () => void;
}

/** Keeps the users who did, or did not do, an event as a cohort in the lake. */
export function CohortDialog({ choice: first, onClose }: CohortDialogProps) {
  const [name, setName] = useState("");
  const [choice, setChoice] = useState(first);
  const [did, setDid] = useState(true);
  const [atLeast, setAtLeast] = useState(1);
  const [last, setLast] = useState("30d");
  const [fault, setFault] = useState<unknown>();
  const save = async () => {
    // The event comes from the pickers; the server checks it.
    const event = choice as { event: string };
    const definition = did ? { did: event, atLeast, last } : { didNot: event, last };
    try {
      const { users } = await ask("save-cohort", { name: name.trim(), definition });
      toast(`Cohort "${name.trim()}" has ${counted(users, "user")}.`);
      onClose();
    } catch (error) {
      setFault(error);
    }
  };
  return (
    <Dialog title="New cohort" onClose={onClose}>
      <form
        class="save-form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <input
          class="field"
          aria-label="Name of the cohort"
          placeholder="Name"
          value={name}
          onInput={({ currentTarget }) => setName(currentTarget.value)}
        />
        <div class="field-row">
          Users who
          <select
            class="field"
            aria-label="Did or did not"
            value={did ? "did" : "not"}
            onChange={({ currentTarget }) => setDid(currentTarget.value === "did")}
          >
            <option value="did">did</option>
            <option value="not">did not do</option>
          </select>
        </div>
        <EventChoiceField choice={choice} special={["_active", "_all"]} onChange={setChoice} />
        <div class="field-row">
          {did && (
            <>
              at least
              <input
                class="field narrow"
                type="number"
                min="1"
                aria-label="At least so many times"
                value={String(atLeast)}
                onInput={({ currentTarget }) => setAtLeast(Math.max(1, Number(currentTarget.value)))}
              />
              times
            </>
          )}
          in the last
          <input
            class="field narrow"
            aria-label="In the last"
            placeholder="30d"
            value={last}
            onInput={({ currentTarget }) => setLast(currentTarget.value)}
          />
        </div>
        {fault !== undefined && <FaultNote fault={fault} />}
        <div class="form-foot">
          <button type="submit" class="button primary" disabled={name.trim() === ""}>
            Save cohort
          </button>
        </div>
      </form>
    </Dialog>
  );
}
