import type { ComponentChildren } from "preact";

/** The page's title, what it says in one line, and at the end what can be done. */
export function PageHead({
  title,
  note,
  children,
}: {
  title: string;
  note?: ComponentChildren;
  children?: ComponentChildren;
}) {
  return (
    <div class="page-head">
      <h1>{title}</h1>
      {note && <p class="muted">{note}</p>}
      {children && <div class="page-actions">{children}</div>}
    </div>
  );
}
