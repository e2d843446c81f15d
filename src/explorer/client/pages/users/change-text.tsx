import type { PropertyChange } from "../../../api.js";
import { parseJson } from "../../ui/json/parse.js";
import { jsonLine } from "../../ui/json/text.js";
import { cut, shown } from "../../ui/text.js";

const LONGEST = 120;

/** A property's value before and after: `plan free → pro`. */
export function ChangeText({ change: { property, from, to } }: { change: PropertyChange }) {
  return (
    <>
      <span class="json-key">{shown(property)}</span>{" "}
      {from !== null && (
        <>
          <span class="change-from">{valueText(from)}</span>
          <span class="muted" aria-hidden="true">
            {" → "}
          </span>
          <span class="hidden-text"> became </span>
        </>
      )}
      {to === null ? <span class="muted">removed</span> : <span class="change-to">{valueText(to)}</span>}
    </>
  );
}

function valueText(json: string): string {
  return cut(shown(jsonLine(parseJson(json))), LONGEST);
}
