import { useStore } from "../state/store.js";
import { nextTheme, themeChoice } from "../state/theme.js";
import { Icon } from "../ui/icon.js";
import { Navigation } from "./navigation.js";
import { PageFrame } from "./page-frame.js";

/** Everything around the page. */
export function Shell() {
  const theme = useStore(themeChoice);
  return (
    <div class="shell">
      <a class="skip" href="#page">
        To the page
      </a>
      <header class="side">
        <p class="brand">ampframe</p>
        <Navigation />
        <div class="side-foot">
          <button
            type="button"
            class="icon-button"
            onClick={nextTheme}
            aria-label={`Theme: ${theme}`}
            title={`Theme: ${theme}`}
          >
            <Icon name={theme} />
          </button>
        </div>
      </header>
      <PageFrame />
    </div>
  );
}
