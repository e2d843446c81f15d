import { useEffect, useState } from "preact/hooks";
import { usePageState } from "../../state/page-state.js";
import { FaultNote } from "../../ui/fault-note.js";
import { Menu } from "../../ui/menu.js";
import { PageHead } from "../../ui/page-head.js";
import { shown } from "../../ui/text.js";
import { Editor } from "./editor.js";
import { history } from "./history.js";
import { Result } from "./result.js";
import { useNames } from "./use-names.js";
import { useQuery } from "./use-query.js";

const FIRST = `SELECT event_type, count(*) AS events, count(DISTINCT amplitude_id) AS users
FROM events
GROUP BY event_type
ORDER BY events DESC`;

/** The page "SQL": one SELECT over the events, its rows as a table or a picture. What was run stands in the URL. */
export default function Sql() {
  const [kept, keep] = usePageState("sql");
  const [sql, setSql] = useState(kept === "" ? FIRST : kept);
  const query = useQuery();
  const names = useNames();
  const { run } = query;
  // A link to a statement, and the back button, show its rows too. It can only read.
  useEffect(() => {
    if (kept === "") return;
    setSql(kept);
    run(kept);
  }, [kept]);
  const go = () => {
    if (sql.trim() === "") return;
    if (sql === kept) run(sql);
    else keep(sql, { push: true });
  };
  const before = history();
  return (
    <>
      <PageHead title="SQL" note="One SELECT in DuckDB's SQL over the table events; times are in UTC." />
      <Editor value={sql} names={names} onChange={setSql} onRun={go} />
      <div class="sql-bar">
        <button type="button" class="button primary" onClick={go} title="Ctrl+Enter">
          Run
        </button>
        {query.running && (
          <button type="button" class="button" onClick={query.stop}>
            Stop
          </button>
        )}
        {before.length > 0 && (
          <Menu
            label="History"
            button="History"
            class="button"
            items={before.slice(0, 20).map((one) => ({ label: excerpt(one), act: () => setSql(one) }))}
          />
        )}
        {query.running && <span class="spinner" role="status" aria-label="Running" />}
      </div>
      {query.fault !== undefined && <FaultNote fault={query.fault} />}
      {query.rows && <Result rows={query.rows} />}
    </>
  );
}

function excerpt(sql: string): string {
  const line = shown(sql.replace(/\s+/g, " ").trim());
  return line.length > 90 ? `${line.slice(0, 89)}…` : line;
}
