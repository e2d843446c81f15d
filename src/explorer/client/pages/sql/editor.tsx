import { useId, useRef, useState } from "preact/hooks";
import { shown } from "../../ui/text.js";
import { type Completion, completionsOf, type LakeNames, wordBefore } from "./completions.js";

interface EditorProps {
  readonly value: string;
  readonly names: LakeNames;
  readonly onChange: (sql: string) => void;
  readonly onRun: () => void;
}

/** A field for SQL that completes names: Tab or Enter takes one, arrow keys move, Escape closes. Ctrl+Enter runs. */
export function Editor({ value, names, onChange, onRun }: EditorProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const [list, setList] = useState<readonly Completion[]>([]);
  const [at, setAt] = useState(0);

  const offer = () => {
    const element = field.current;
    if (element === null) return;
    const { word } = wordBefore(element.value, element.selectionStart);
    setList(/^\d/.test(word) ? [] : completionsOf(word, names));
    setAt(0);
  };
  const take = (completion: Completion) => {
    const element = field.current;
    if (element === null) return;
    const cursor = element.selectionStart;
    const { start } = wordBefore(element.value, cursor);
    element.setRangeText(completion.text, start, cursor, "end");
    onChange(element.value);
    setList([]);
    element.focus();
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      setList([]);
      onRun();
      return;
    }
    const current = list[at];
    if (current === undefined) return;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move !== undefined) {
      event.preventDefault();
      setAt((at + move + list.length) % list.length);
    } else if ((event.key === "Tab" && !event.shiftKey) || event.key === "Enter") {
      event.preventDefault();
      take(current);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      setList([]);
    }
  };
  return (
    <div class="sql-editor">
      <textarea
        ref={field}
        class="field mono"
        aria-label="SQL"
        aria-autocomplete="list"
        aria-controls={list.length > 0 ? id : undefined}
        aria-activedescendant={list.length > 0 ? `${id}-${at}` : undefined}
        rows={8}
        spellcheck={false}
        autocapitalize="off"
        autocomplete="off"
        value={value}
        onInput={(event) => {
          onChange(event.currentTarget.value);
          offer();
        }}
        onKeyDown={key}
        onBlur={() => setList([])}
      />
      {list.length > 0 && (
        <div id={id} class="sql-completions" role="listbox" aria-label="Completions">
          {list.map((completion, i) => (
            <div
              key={`${completion.kind} ${completion.label}`}
              id={`${id}-${i}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === at}
              onPointerDown={(event) => {
                event.preventDefault();
                take(completion);
              }}
            >
              <span>{shown(completion.label)}</span>
              <span class="muted">{completion.kind}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
