import { options } from "preact";

/** Properties of CSS whose numbers have no unit. */
const BARE = new Set([
  "opacity",
  "order",
  "zIndex",
  "flex",
  "flexGrow",
  "flexShrink",
  "fontWeight",
  "lineHeight",
]);

/** Lets numbers in `style` mean pixels, which Preact leaves to its user since version 11. */
export function numbersArePixels(): void {
  const before = options.vnode;
  options.vnode = (node) => {
    const style: unknown = typeof node.type === "string" && Reflect.get(node.props, "style");
    if (typeof style === "object" && style !== null) {
      const entries = Object.entries(style).map(([name, value]) => [
        name,
        typeof value === "number" && !BARE.has(name) ? `${value}px` : value,
      ]);
      Reflect.set(node.props, "style", Object.fromEntries(entries));
    }
    before?.(node);
  };
}
