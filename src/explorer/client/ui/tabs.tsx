import type { ComponentChildren } from "preact";

interface TabsProps<Name extends string> {
  readonly label: string;
  readonly tabs: readonly (readonly [name: Name, title: string])[];
  readonly chosen: string;
  /** The id of the panel that they change. Its `aria-labelledby` is `tab-NAME`. */
  readonly panel: string;
  readonly onChoose: (name: Name) => void;
  /** What stands at their end. */
  readonly children?: ComponentChildren;
}

/** Tabs above a panel. */
export function Tabs<Name extends string>({
  label,
  tabs,
  chosen,
  panel,
  onChoose,
  children,
}: TabsProps<Name>) {
  return (
    <div class="tabs" role="tablist" aria-label={label}>
      {tabs.map(([name, title]) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-selected={chosen === name}
          aria-controls={panel}
          onClick={() => onChoose(name)}
        >
          {title}
        </button>
      ))}
      {children}
    </div>
  );
}
