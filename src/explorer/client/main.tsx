// Starts the page.
import { render } from "preact";
import { Shell } from "./shell/shell.js";
import { startShortcuts } from "./shell/shortcuts.js";
import { refreshLake } from "./state/lake.js";
import { followHistory } from "./state/route.js";
import { startTheme } from "./state/theme.js";
import { numbersArePixels } from "./ui/px.js";

numbersArePixels();
startTheme();
followHistory();
startShortcuts();
void refreshLake();
const root = document.getElementById("app");
if (root) render(<Shell />, root);
