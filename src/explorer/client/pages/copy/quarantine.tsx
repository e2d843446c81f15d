import { FaultNote } from "../../ui/fault-note.js";
import { counted, shown } from "../../ui/text.js";
import { useAnswer } from "../../ui/use-answer.js";

/** The lines that could not be read, by reason, with some of them. */
export function Quarantine() {
  const { data, fault, retry } = useAnswer("quarantine", {});
  if (fault !== undefined) return <FaultNote fault={fault} retry={retry} />;
  if (data === undefined) return null;
  return (
    <section class="copy-section" aria-labelledby="copy-quarantine">
      <h2 id="copy-quarantine">Quarantine</h2>
      {data.lines === 0 ? (
        <p class="muted">Every line could be read.</p>
      ) : (
        <>
          <p>{counted(data.lines, "line")} could not be read and were set aside, with all their bytes.</p>
          {data.reasons.map(({ reason, lines, examples }) => (
            <details key={reason} class="copy-reason">
              <summary>
                {shown(reason)} <span class="muted">{counted(lines, "line")}</span>
              </summary>
              <ul>
                {examples.map(({ input, member, line, excerpt }) => (
                  <li key={`${input} ${member} ${line}`}>
                    <p class="muted">
                      {shown(input === member ? input : `${input}: ${member}`)}, line {line}
                    </p>
                    <pre>{shown(excerpt)}</pre>
                  </li>
                ))}
              </ul>
            </details>
          ))}
        </>
      )}
    </section>
  );
}
