/** An element's beginning, its attributes with entities resolved. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
const TOKEN =
  /<(?<close>\/)?(?<name>[\w:-]+)(?<attributes>(?:\s+[\w:-]+="[^"<]*")*)\s*(?<empty>\/)?>|(?<text>[^<]+)/uy;
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

/** The elements of `xml` in order. Throws at whatever is not well-formed, strictly: no comments, no CDATA, five entities. */
export function parsedXml(xml: string): XmlElement[] {
  if (FORBIDDEN.test(xml)) throw new SyntaxError("a character that XML does not have");
  const elements: XmlElement[] = [];
  const open: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < xml.length) {
    const at = TOKEN.lastIndex;
    const { close, name, attributes, empty, text } = TOKEN.exec(xml)?.groups ?? {};
    if (text !== undefined) {
      resolved(text);
    } else if (name === undefined) {
      throw new SyntaxError(`no XML at ${at}: ${xml.slice(at, at + 80)}`);
    } else if (close !== undefined) {
      if (open.pop() !== name) throw new SyntaxError(`</${name}> closes nothing`);
    } else {
      elements.push({ name, attributes: attributesOf(attributes ?? "") });
      if (empty === undefined) open.push(name);
    }
  }
  if (open.length > 0) throw new SyntaxError(`not closed: ${open.join(", ")}`);
  return elements;
}

function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, key, value] of text.matchAll(/([\w:-]+)="([^"]*)"/g)) {
    if (Object.hasOwn(found, key!)) throw new SyntaxError(`${key} is there twice`);
    found[key!] = resolved(value!);
  }
  return found;
}

function resolved(text: string): string {
  return text.replace(/&([^;]*);?/g, (whole, name: string) => {
    const found = whole.endsWith(";") ? ENTITIES[name] : undefined;
    if (found === undefined) throw new SyntaxError(`no entity ${whole.slice(0, 12)}`);
    return found;
  });
}
