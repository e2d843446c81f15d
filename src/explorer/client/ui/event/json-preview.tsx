import { useMemo } from "preact/hooks";
import { parseJson } from "../json/parse.js";
import { jsonLine } from "../json/text.js";
import { cut, shown } from "../text.js";

const MOST = 8;
const LONGEST = 60;

/** The first properties of a JSON object on one line. */
export function JsonPreview({ json }: { json: string }) {
  const node = useMemo(() => parseJson(json), [json]);
  if (node.kind !== "object") return <>{shown(jsonLine(node))}</>;
  return (
    <span class="json-preview">
      {node.entries.slice(0, MOST).map(([key, value], i) => (
        <span key={i}>
          <span class="json-key">{shown(key)}</span> {cut(shown(jsonLine(value)), LONGEST)}
        </span>
      ))}
    </span>
  );
}
