import type { Selection } from "../../../api.js";
import type { Route } from "../../state/route.js";
import { withSelection } from "../../state/selection-params.js";

/** The page Events with this selection. */
export function selectionRoute(selection: Selection): Route {
  return { page: "events", params: withSelection(new URLSearchParams(), selection) };
}
