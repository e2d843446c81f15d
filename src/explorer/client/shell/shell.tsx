import { PAGES } from "../pages.js";
import { lake, lakeFault, refreshLake } from "../state/lake.js";
import { route } from "../state/route.js";
import { useStore } from "../state/store.js";
import { nextTheme, themeChoice } from "../state/theme.js";
import { FaultNote } from "../ui/fault-note.js";
import { Icon } from "../ui/icon.js";
import { counted, shown } from "../ui/text.js";
import { Toasts } from "../ui/toast.js";
import { Help } from "./help.js";
import { Navigation } from "./navigation.js";
import { PageFrame } from "./page-frame.js";
import { Palette } from "./palette.js";
import { SelectionBar } from "./selection-bar.js";
import { help, palette } from "./sheets.js";

/** Everything around the page. */
export function Shell() {
  const { page } = useStore(route);
  const fault = useStore(lakeFault);
  const facts = useStore(lake);
  return (
    <div class="shell">
      <a class="skip" href="#page">
        To the page
      </a>
      <header class="side">
        <div class="brand">
          <p class="brand-name">ampframe</p>
          <p class="brand-lake muted" title={facts && shown(facts.name)}>
            {facts ? shown(facts.name) : "\u00a0"}
          </p>
          <p class="brand-lake muted">{facts ? counted(facts.events, "event") : "\u00a0"}</p>
        </div>
        <Navigation />
        <Tools />
      </header>
      <div class="content">
        <section class="topbar" aria-label="Selection">
          <SelectionBar applies={PAGES.find(({ name }) => name === page)?.selects ?? false} />
          <button type="button" class="search-button" aria-label="Search" onClick={() => palette.set(true)}>
            <Icon name="search" />
            <span>Search</span>
            <kbd>/</kbd>
          </button>
        </section>
        {fault !== undefined && (
          <div class="lake-fault">
            <FaultNote fault={fault} retry={refreshLake} />
          </div>
        )}
        <PageFrame />
      </div>
      <Toasts />
      {useStore(help) && <Help />}
      {useStore(palette) && <Palette />}
    </div>
  );
}

function Tools() {
  const theme = useStore(themeChoice);
  const name = `Theme: ${theme === "auto" ? "as the system has it" : theme}`;
  return (
    <div class="side-foot">
      <button type="button" class="icon-button" onClick={nextTheme} aria-label={name} title={`${name} (t)`}>
        <Icon name={theme} />
      </button>
      <button
        type="button"
        class="icon-button"
        onClick={() => help.set(true)}
        aria-label="Keys"
        title="Keys (?)"
      >
        <Icon name="help" />
      </button>
    </div>
  );
}
