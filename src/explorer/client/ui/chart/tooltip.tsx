import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

interface TooltipProps {
  /** Beside this point of the plot, in its pixels. */
  readonly x: number;
  readonly y: number;
  /** The plot's width: the tooltip stays within. */
  readonly width: number;
  readonly children: ComponentChildren;
}

const GAP = 14;

/** A small sheet beside the pointer. It takes no clicks. */
export function Tooltip({ x, y, width, children }: TooltipProps) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const fits = x + GAP + element.offsetWidth <= width;
    element.style.left = `${fits ? x + GAP : Math.max(0, x - GAP - element.offsetWidth)}px`;
    element.style.top = `${Math.max(0, y - element.offsetHeight / 2)}px`;
  });
  return (
    <div class="tooltip" role="status" ref={ref}>
      {children}
    </div>
  );
}

interface TooltipRowsProps {
  readonly head: string;
  readonly rows: readonly {
    readonly name: string;
    readonly value: string;
    readonly color?: string | undefined;
  }[];
}

/** A head and below it names with their values. */
export function TooltipRows({ head, rows }: TooltipRowsProps) {
  return (
    <>
      <p class="tooltip-head">{head}</p>
      {rows.map(({ name, value, color }) => (
        <p key={name} class="tooltip-row">
          {color && <span class="swatch" style={{ background: color }} />}
          <span class="tooltip-name">{name}</span>
          <span>{value}</span>
        </p>
      ))}
    </>
  );
}
