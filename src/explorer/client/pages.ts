import type { ComponentType } from "preact";
import type { IconName } from "./ui/icon.js";

/** A page: `key` goes there after `g`; its code is loaded when it is opened. */
export interface Page {
  readonly name: string;
  readonly title: string;
  readonly key: string;
  readonly icon: IconName;
  /** Whether the selection's bar stands above it. */
  readonly selects: boolean;
  load(): Promise<{ readonly default: ComponentType }>;
}

/** All pages in the order of the navigation; the name is the path's first part. */
export const PAGES: readonly Page[] = [
  {
    name: "overview",
    title: "Overview",
    key: "o",
    icon: "overview",
    selects: true,
    load: () => import("./pages/overview/index.js"),
  },
  {
    name: "events",
    title: "Events",
    key: "e",
    icon: "events",
    selects: true,
    load: () => import("./pages/events/index.js"),
  },
  {
    name: "users",
    title: "Users",
    key: "u",
    icon: "users",
    selects: true,
    load: () => import("./pages/users/index.js"),
  },
  {
    name: "schema",
    title: "Schema",
    key: "s",
    icon: "schema",
    selects: false,
    load: () => import("./pages/schema/index.js"),
  },
  {
    name: "analyses",
    title: "Analyses",
    key: "a",
    icon: "analyses",
    selects: true,
    load: () => import("./pages/analyses/index.js"),
  },
  {
    name: "sql",
    title: "SQL",
    key: "q",
    icon: "sql",
    selects: false,
    load: () => import("./pages/sql/index.js"),
  },
  {
    name: "copy",
    title: "The copy",
    key: "c",
    icon: "copy",
    selects: false,
    load: () => import("./pages/copy/index.js"),
  },
];
