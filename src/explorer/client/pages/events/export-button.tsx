import { useRef, useState } from "preact/hooks";
import { FIELDS } from "../../../../browser.js";
import type { Api, Selection } from "../../../api.js";
import { ask, isAbort } from "../../api.js";
import { Dialog } from "../../ui/dialog.js";
import { FaultNote } from "../../ui/fault-note.js";
import { Icon } from "../../ui/icon.js";
import { counted } from "../../ui/text.js";
import { toast } from "../../ui/toast.js";

type Format = Api["export"]["in"]["format"];

const FORMATS: readonly { readonly format: Format; readonly name: string; readonly note: string }[] = [
  { format: "csv", name: "CSV", note: "for spreadsheets and everything else" },
  { format: "parquet", name: "Parquet", note: "typed and small, for pandas, polars, R, DuckDB" },
  { format: "ndjson", name: "NDJSON", note: "a JSON object a line" },
  { format: "arrow", name: "Arrow", note: "typed, for Arrow and Arquero" },
];
const ALL = [...FIELDS.map(({ name }) => name), "extra"];

interface ExportProps {
  readonly selection: Selection;
  /** The columns that are shown. */
  readonly columns: readonly string[];
  /** How many events are in the selection; undefined as long as that is not known. */
  readonly total: number | undefined;
}

/** A button that opens what is needed to bring the selection into a file. */
export function ExportButton(props: ExportProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="button" onClick={() => setOpen(true)}>
        <Icon name="download" />
        <span>Export</span>
      </button>
      {open && <ExportDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

function ExportDialog({ selection, columns, total, onClose }: ExportProps & { onClose: () => void }) {
  const [format, setFormat] = useState<Format>("csv");
  const [all, setAll] = useState(false);
  const [escapeFormulas, setEscape] = useState(true);
  const [running, setRunning] = useState<AbortController>();
  const [fault, setFault] = useState<unknown>();
  const close = useRef(onClose);
  close.current = onClose;
  const events = total === undefined ? "events" : counted(total, "event");
  const stop = () => {
    running?.abort();
    onClose();
  };
  const start = async () => {
    const controller = new AbortController();
    setRunning(controller);
    setFault(undefined);
    try {
      const input = { selection, columns: all ? ALL : columns, format, escapeFormulas };
      const written = await ask("export", input, controller.signal);
      fetchFile(written);
      toast(`${counted(written.events, "event")} in ${written.file}.`);
      close.current();
    } catch (error) {
      if (!isAbort(error)) setFault(error);
    } finally {
      setRunning(undefined);
    }
  };
  return (
    <Dialog title="Export the selection" onClose={stop}>
      <form
        class="export"
        onSubmit={(submit) => {
          submit.preventDefault();
          start();
        }}
      >
        <fieldset>
          <legend>Format</legend>
          {FORMATS.map(({ format: value, name, note }) => (
            <label key={value} class="export-choice">
              <input
                type="radio"
                name="format"
                value={value}
                checked={format === value}
                onChange={() => setFormat(value)}
              />
              <span>{name}</span>
              <span class="muted">{note}</span>
            </label>
          ))}
        </fieldset>
        <fieldset>
          <legend>Columns</legend>
          <label class="export-choice">
            <input type="radio" name="columns" checked={!all} onChange={() => setAll(false)} />
            <span>Those of the table</span>
            <span class="muted">{columns.length}</span>
          </label>
          <label class="export-choice">
            <input type="radio" name="columns" checked={all} onChange={() => setAll(true)} />
            <span>All fields of an event</span>
            <span class="muted">{ALL.length}</span>
          </label>
        </fieldset>
        {format === "csv" && (
          <label class="export-choice">
            <input type="checkbox" checked={escapeFormulas} onChange={() => setEscape(!escapeFormulas)} />
            <span>Safe for spreadsheets</span>
            <span class="muted">writes ' before text that would run as a formula</span>
          </label>
        )}
        {fault !== undefined && <FaultNote fault={fault} />}
        <div class="form-foot">
          {running && <span class="spinner" aria-hidden="true" />}
          <span class="muted" role="status">
            {running ? `Writing ${events}…` : ""}
          </span>
          <button type="button" class="button quiet" onClick={stop}>
            Cancel
          </button>
          <button
            type="submit"
            class="button primary"
            data-autofocus
            disabled={running !== undefined || total === 0}
          >
            Export {events}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Has the browser save the file. */
function fetchFile({ id, file }: Api["export"]["out"]): void {
  const link = document.createElement("a");
  link.href = `/api/download/${id}`;
  link.download = file;
  link.click();
}
