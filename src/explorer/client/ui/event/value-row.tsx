import { useState } from "preact/hooks";
import { copyText } from "../copy-text.js";
import { Icon, type IconName } from "../icon.js";
import type { JsonNode } from "../json/parse.js";
import { jsonLine, jsonText } from "../json/text.js";
import { shown } from "../text.js";
import { type FilterBy, onlyThis, withoutThis } from "./narrow.js";
import { propertyNamed } from "./property-name.js";
import type { NamedValue } from "./sections.js";

/** What can be done with a value beside copying and filtering. */
export interface ValueActions {
  /** Columns that are shown, where there is a table. */
  readonly columns?: readonly string[] | undefined;
  readonly onColumn?: ((name: string) => void) | undefined;
}

/** A value under its name; objects and lists open to what is in them. */
export function ValueRow(props: NamedValue & ValueActions) {
  const { label, node, name, inside, columns, onColumn } = props;
  const parts = partsOf(node, inside, name);
  const [open, setOpen] = useState(parts.length > 0 && parts.length <= 12);
  const value = filterValue(node);
  const act = (icon: IconName, what: string, run: () => void) => (
    <button
      type="button"
      class="value-action"
      aria-label={`${what}: ${shown(label)}`}
      title={what}
      onClick={run}
    >
      <Icon name={icon} />
    </button>
  );
  return (
    <li>
      <div class="value-row">
        {parts.length > 0 ? (
          <button type="button" class="value-open" aria-expanded={open} onClick={() => setOpen(!open)}>
            <Icon name={open ? "down" : "right"} />
            <span class="value-label">{shown(label)}</span>
            <span class="muted">{sizeText(node)}</span>
          </button>
        ) : (
          <>
            <span class="value-label">{shown(label)}</span>
            <span class={`value-text ${node.kind}`}>{shownValue(node)}</span>
          </>
        )}
        <span class="value-actions">
          {name !== undefined && value !== undefined && (
            <>
              {act("only", "Only this", () => onlyThis(name, value))}
              {act("without", "Without this", () => withoutThis(name, value))}
            </>
          )}
          {name !== undefined &&
            onColumn &&
            !columns?.includes(name) &&
            act("columns", "Show as column", () => onColumn(name))}
          {act("clipboard", "Copy value", () => copyText(copyOf(node), "The value was copied."))}
        </span>
      </div>
      {open && parts.length > 0 && (
        <ul class="json-values inner">
          {parts.map((part, i) => (
            <ValueRow key={i} {...part} columns={columns} onColumn={onColumn} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** What is in an object or a list. A list's items are filtered by under the list's own name, since each of them counts. */
function partsOf(node: JsonNode, inside: NamedValue["inside"], name: string | undefined): NamedValue[] {
  if (node.kind === "object") {
    return node.entries.map(([key, value]) => {
      const path = inside && [...inside.path, key];
      return {
        label: key,
        node: value,
        name: inside && path && propertyNamed(inside.source, path),
        inside: inside && path && { source: inside.source, path },
      };
    });
  }
  if (node.kind !== "list") return [];
  return node.items.map((item, i) => ({
    label: String(i),
    node: item,
    name: item.kind === "object" || item.kind === "list" ? undefined : name,
  }));
}

/** What a filter compares with; undefined of objects and lists. An integer beyond 2^53 is compared as text. */
function filterValue(node: JsonNode): FilterBy | undefined {
  switch (node.kind) {
    case "text":
      return node.text;
    case "number":
      return String(Number(node.text)) === node.text ? Number(node.text) : node.text;
    case "boolean":
      return node.value;
    case "null":
      return null;
    default:
      return undefined;
  }
}

function shownValue(node: JsonNode): string {
  if (node.kind === "object") return "{}";
  if (node.kind === "list") return "[]";
  return shown(jsonLine(node));
}

function sizeText(node: JsonNode): string {
  if (node.kind === "list") return `${node.items.length} ${node.items.length === 1 ? "item" : "items"}`;
  return node.kind === "object" ? `${node.entries.length}` : "";
}

function copyOf(node: JsonNode): string {
  return node.kind === "object" || node.kind === "list" ? jsonText(node, 2) : jsonLine(node);
}
