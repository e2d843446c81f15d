// Starts the page.
import { render } from "preact";
import { Shell } from "./shell/shell.js";
import { followHistory } from "./state/route.js";
import { startTheme } from "./state/theme.js";

startTheme();
followHistory();
const root = document.getElementById("app");
if (root) render(<Shell />, root);
