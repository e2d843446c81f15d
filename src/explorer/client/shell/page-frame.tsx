import { Component, type ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { PAGES } from "../pages.js";
import { route } from "../state/route.js";
import { useStore } from "../state/store.js";
import { FaultNote } from "../ui/fault-note.js";

const loaded = new Map<string, ComponentType>();

/** The page of the route, once its code is there. A fault in it is shown in its place; the shell goes on. */
export function PageFrame() {
  const { page: name } = useStore(route);
  const page = PAGES.find((one) => one.name === name);
  const [state, setState] = useState<{ name: string; fault: unknown }>();
  useEffect(() => {
    document.title = `${page?.title ?? "Not found"} · ampframe`;
    if (page === undefined || loaded.has(page.name)) return;
    page.load().then(
      (module) => {
        loaded.set(page.name, module.default);
        setState({ name: page.name, fault: undefined });
      },
      (fault: unknown) => setState({ name: page.name, fault }),
    );
  }, [page]);
  const Body = loaded.get(name);
  const fault = state?.name === name ? state.fault : undefined;
  return (
    <main id="page" class={`page page-${page?.name ?? "none"}`} tabIndex={-1}>
      {page === undefined ? (
        <FaultNote fault={new Error(`There is no page "${name}".`)} />
      ) : fault !== undefined ? (
        <FaultNote fault={fault} />
      ) : (
        Body && (
          <Boundary key={name}>
            <Body />
          </Boundary>
        )
      )}
    </main>
  );
}

class Boundary extends Component<object, { fault: unknown }> {
  override state = { fault: undefined };

  static override getDerivedStateFromError(fault: unknown) {
    return { fault };
  }

  override render() {
    return this.state.fault === undefined ? this.props.children : <FaultNote fault={this.state.fault} />;
  }
}
