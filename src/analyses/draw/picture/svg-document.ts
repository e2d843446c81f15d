import { type Theme, themed } from "./palette.js";

const SVG = "http://www.w3.org/2000/svg";
/** Colours of a theme are filled in here. */
const PAINTED: ReadonlySet<string> = new Set(["fill", "stroke"]);
/** What XML 1.0 has no place for, not even as a reference. Source: https://www.w3.org/TR/xml/#charsets */
const NO_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  ...{ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" },
};

/** As much of a DOM document as Observable Plot needs to draw. */
export class SvgDocument {
  readonly documentElement: SvgElement = this.createElementNS(SVG, "svg");

  createElementNS(_space: string, name: string): SvgElement {
    return new SvgElement(this, name);
  }

  createTextNode(text: string): SvgText {
    return new SvgText(this, text);
  }

  /** An element with attributes and content. */
  make(name: string, attributes: Readonly<Record<string, string | number>>, content?: string): SvgElement {
    const element = this.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (content !== undefined) element.textContent = content;
    return element;
  }
}

type SvgNode = SvgElement | SvgText;

/** A piece of text. */
class SvgText {
  parentNode: SvgElement | null = null;

  constructor(
    readonly ownerDocument: SvgDocument,
    readonly text: string,
  ) {}

  serialized(): string {
    return xmlText(this.text);
  }
}

/** An element of SVG. */
export class SvgElement {
  readonly namespaceURI = SVG;
  readonly childNodes: SvgNode[] = [];
  readonly style = { setProperty: (name: string, value: string) => this.setAttribute(name, value) };
  parentNode: SvgElement | null = null;
  readonly #attributes = new Map<string, string>();

  constructor(
    readonly ownerDocument: SvgDocument,
    readonly tagName: string,
  ) {}

  get children(): SvgElement[] {
    return this.childNodes.filter((node) => node instanceof SvgElement);
  }

  set textContent(text: string) {
    this.childNodes.splice(0);
    this.appendChild(this.ownerDocument.createTextNode(String(text)));
  }

  appendChild<N extends SvgNode>(node: N): N {
    return this.insertBefore(node, null);
  }

  insertBefore<N extends SvgNode>(node: N, next: SvgNode | null): N {
    const before = node.parentNode;
    before?.childNodes.splice(before.childNodes.indexOf(node), 1);
    const place = next === null ? -1 : this.childNodes.indexOf(next);
    this.childNodes.splice(place === -1 ? this.childNodes.length : place, 0, node);
    node.parentNode = this;
    return node;
  }

  setAttribute(name: string, value: unknown): void {
    this.#attributes.set(name, String(value));
  }

  setAttributeNS(_space: string, name: string, value: unknown): void {
    this.setAttribute(name, value);
  }

  getAttribute(name: string): string | null {
    return this.#attributes.get(name) ?? null;
  }

  hasAttribute(name: string): boolean {
    return this.#attributes.has(name);
  }

  removeAttribute(name: string): void {
    this.#attributes.delete(name);
  }

  /** The element as XML; with a theme its colours are filled in. */
  serialized(theme?: Theme): string {
    const attributes = [...this.#attributes].map(([name, value]) => {
      const filled = theme !== undefined && PAINTED.has(name) ? themed(value, theme) : value;
      return ` ${name}="${xmlText(filled)}"`;
    });
    const content = this.childNodes.map((node) => node.serialized(theme)).join("");
    return `<${this.tagName}${attributes.join("")}${content === "" ? "/>" : `>${content}</${this.tagName}>`}`;
  }
}

/** `text` as XML and HTML have it, in content and in quotes. */
export function xmlText(text: string): string {
  return text.replace(NO_XML, "\ufffd").replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
