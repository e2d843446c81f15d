import type { Explanation } from "../../../../index.js";
import { shown } from "../../ui/text.js";

/** What the numbers mean, why Amplitude's chart may show others, and the pages that define it. */
export function Explained({ explanation }: { explanation: Explanation }) {
  return (
    <div class="explained">
      <h3>What was computed</h3>
      {explanation.definition.map((line) => (
        <p key={line}>{shown(line)}</p>
      ))}
      <h3>Why Amplitude's chart may differ</h3>
      <ul>
        {explanation.differences.map((line) => (
          <li key={line}>{shown(line)}</li>
        ))}
      </ul>
      <h3>Amplitude's definitions</h3>
      <ul>
        {explanation.sources.map((source) => (
          <li key={source}>
            <a href={source} target="_blank" rel="noreferrer noopener">
              {source.replace("https://", "")}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
