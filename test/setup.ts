import { afterAll, afterEach } from "vitest";
import { undoAll } from "./undo.js";

// Files of tests share modules, so a helper's own hooks would serve the first file alone; this file runs before each.
afterEach(() => undoAll("test"));
afterAll(() => undoAll("file"));
