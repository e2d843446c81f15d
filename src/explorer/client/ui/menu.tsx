import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon.js";
import { Popover } from "./popover.js";

/** Something to do. */
export interface MenuItem {
  readonly label: string;
  readonly icon?: IconName | undefined;
  readonly disabled?: boolean | undefined;
  /** It cannot be taken back. */
  readonly danger?: boolean | undefined;
  act(): void;
}

interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** What the button shows; default three dots. */
  readonly button?: ComponentChildren;
  readonly class?: string | undefined;
}

/** A button that opens a list of things to do; arrow keys move in it. */
export function Menu({
  label,
  items,
  button = <Icon name="more" />,
  class: name = "icon-button",
}: MenuProps) {
  return (
    <Popover button={button} label={label} class={name} role="menu">
      {(close) => (
        <div class="menu" onKeyDown={moveFocus}>
          {items.map((item) => (
            <button
              key={item.label}
              type="button"
              role="menuitem"
              class={item.danger ? "danger" : ""}
              disabled={item.disabled}
              onClick={() => {
                close();
                item.act();
              }}
            >
              {item.icon && <Icon name={item.icon} />}
              {item.label}
            </button>
          ))}
        </div>
      )}
    </Popover>
  );
}

function moveFocus(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("button:not(:disabled)")];
  const at = items.findIndex((item) => item.matches(":focus"));
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  items.at(to % items.length)?.focus();
}
