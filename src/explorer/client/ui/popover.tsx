import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";

interface PopoverProps {
  /** What the button shows. */
  readonly button: ComponentChildren;
  /** The button's name, if what it shows is no text. */
  readonly label?: string | undefined;
  readonly class?: string | undefined;
  readonly disabled?: boolean | undefined;
  /** What the popover is to screen readers; default `dialog`. */
  readonly role?: "dialog" | "menu" | undefined;
  /** What it holds; `close` closes it and gives the focus back to the button. */
  readonly children: (close: () => void) => ComponentChildren;
}

const GAP = 6;
const EDGE = 8;

/** A button that opens a small sheet beside it. Escape, a click elsewhere or leaving it closes the sheet. */
export function Popover({
  button,
  label,
  class: name = "button",
  disabled,
  role = "dialog",
  children,
}: PopoverProps) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const id = useId();
  const close = () => {
    setOpen(false);
    anchor.current?.focus();
  };
  return (
    <>
      <button
        ref={anchor}
        type="button"
        class={name}
        disabled={disabled}
        aria-label={label}
        title={label}
        aria-haspopup={role}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && (
        <Sheet
          id={id}
          anchor={anchor}
          label={label}
          role={role}
          onClose={close}
          onLeave={() => setOpen(false)}
        >
          {children(close)}
        </Sheet>
      )}
    </>
  );
}

interface SheetProps {
  readonly id: string;
  readonly anchor: { readonly current: HTMLElement | null };
  readonly label: string | undefined;
  readonly role: "dialog" | "menu";
  readonly onClose: () => void;
  readonly onLeave: () => void;
  readonly children: ComponentChildren;
}

function Sheet({ id, anchor, label, role, onClose, onLeave, children }: SheetProps) {
  const sheet = useRef<HTMLDivElement>(null);
  const leave = useRef(onLeave);
  leave.current = onLeave;
  useLayoutEffect(() => {
    const element = sheet.current;
    if (!element || !anchor.current) return;
    element.showPopover();
    const place = () => {
      if (!anchor.current) return;
      const at = anchor.current.getBoundingClientRect();
      const { offsetWidth: width, offsetHeight: height } = element;
      const below = innerHeight - at.bottom - GAP - EDGE;
      const above = height > below && at.top > below;
      element.style.left = `${Math.max(EDGE, Math.min(at.left, innerWidth - width - EDGE))}px`;
      element.style.top = `${Math.max(EDGE, above ? at.top - GAP - height : Math.min(at.bottom + GAP, innerHeight - height - EDGE))}px`;
    };
    place();
    const observer = new ResizeObserver(place);
    observer.observe(element);
    if (!element.contains(document.activeElement)) firstFocus(element)?.focus();
    addEventListener("resize", place);
    addEventListener("scroll", place, true);
    return () => {
      observer.disconnect();
      removeEventListener("resize", place);
      removeEventListener("scroll", place, true);
    };
  }, [anchor]);
  useEffect(() => {
    const outside = (event: Event) => {
      const at = event.target;
      if (at instanceof Node && !sheet.current?.contains(at) && !anchor.current?.contains(at))
        leave.current();
    };
    document.addEventListener("pointerdown", outside, true);
    document.addEventListener("focusin", outside);
    return () => {
      document.removeEventListener("pointerdown", outside, true);
      document.removeEventListener("focusin", outside);
    };
  }, [anchor]);
  return (
    <div
      id={id}
      ref={sheet}
      class="sheet"
      popover="manual"
      role={role}
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
    >
      {children}
    </div>
  );
}

function firstFocus(element: HTMLElement): HTMLElement | null {
  const first = (selector: string) => element.querySelector<HTMLElement>(selector);
  return first("[data-autofocus]") ?? first("input, button, select, textarea, [tabindex='0']");
}
