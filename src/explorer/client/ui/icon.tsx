const PATHS = {
  overview: "M3 13V8M7 13V3M11 13V6M15 13v-3",
  events: "M3 4h12M3 9h12M3 14h8",
  users: "M9 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM3 16c.6-3 3-4.5 6-4.500s5.4 1.5 6 4.5",
  schema:
    "M7 3H5a1 1 0 0 0-1 1v3.500L2.5 9 4 10.500V14a1 1 0 0 0 1 1h2M11 3h2a1 1 0 0 1 1 1v3.500L15.5 9 14 10.500V14a1 1 0 0 1-1 1h-2",
  analyses: "M3 3v12h12M6 11l3-3.5 2.5 2L15 5",
  sql: "M3 5l4 4-4 4M9 14h6",
  left: "M11 5L7 9l4 4",
  clipboard: "M6 5V3h8v9h-2M4 6h8v9H4V6Z",
  only: "M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12ZM6.500 7.800h5M6.500 10.200h5",
  without: "M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12ZM6.500 9h5",
  copy: "M9 3c3.3 0 6 .9 6 2s-2.7 2-6 2-6-.9-6-2 2.7-2 6-2ZM3 5v8c0 1.1 2.7 2 6 2s6-.9 6-2V5M3 9c0 1.1 2.7 2 6 2s6-.9 6-2",
  search: "M8 13A5 5 0 1 0 8 3a5 5 0 0 0 0 10ZM12 12l3.5 3.5",
  close: "M5 5l8 8M13 5l-8 8",
  plus: "M9 4v10M4 9h10",
  undo: "M6 4L3 7l3 3M3 7h7a4 4 0 0 1 0 8H7",
  redo: "M12 4l3 3-3 3M15 7H8a4 4 0 0 0 0 8h3",
  down: "M5 7l4 4 4-4",
  right: "M7 5l4 4-4 4",
  check: "M4 9.500l3.5 3.500L14 6",
  calendar:
    "M4 4h10a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1ZM3 8h12M6.5 2.500v3M11.5 2.500v3",
  filter: "M3 4h12l-4.5 5.500V14l-3 1.500v-6L3 4Z",
  auto: "M9 3a6 6 0 1 0 0 12V3ZM9 3a6 6 0 0 1 0 12",
  light:
    "M9 12a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM9 2v1.500M9 14.500V16M2 9h1.500M14.5 9H16M4 4l1 1M13 13l1 1M14 4l-1 1M5 13l-1 1",
  dark: "M15 10.500A6.5 6.5 0 0 1 7.5 3a6.5 6.5 0 1 0 7.5 7.500Z",
  help: "M9 15.500A6.5 6.5 0 1 0 9 2.500a6.5 6.5 0 0 0 0 13ZM7 7a2 2 0 1 1 2.8 1.900c-.5.2-.8.6-.8 1.100M9 12.500v.1",
  more: "M4 9h.1M9 9h.1M14 9h.1",
  download: "M9 3v8M5.5 8L9 11.5 12.5 8M3 15h12",
  code: "M6 5L2 9l4 4M12 5l4 4-4 4",
  warning: "M9 3L2 15h14L9 3ZM9 8v3M9 13v.1",
  refresh: "M15 9a6 6 0 1 1-2-4.500M13.5 2v3h-3",
  save: "M5 3h8v12l-4-3-4 3V3Z",
  trash: "M3 5h12M7 5V3h4v2M5 5l.7 10h6.600L13 5",
  columns: "M3 4h12v10H3V4ZM7 4v10M11 4v10",
} as const;

/** The name of a picture. */
export type IconName = keyof typeof PATHS;

/** A line drawing of 18 pixels in the text's colour; it says nothing to screen readers, so its button needs a name. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 18 18" width="18" height="18" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
