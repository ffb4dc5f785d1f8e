/** Start tags of a page, for what is looked for in it. Pure, in linear time, and for any text. */

/** A start tag, and what stands in the element if that is text alone. */
export interface HtmlTag {
  /** In lower case. */
  name: string;
  /** Names in lower case; values as written, character references and all. The first of a name counts. */
  attributes: ReadonlyMap<string, string>;
  /** Of an element whose content is no HTML: scripts, styles and the like; empty for all others. */
  text: string;
  /** Where the tag begins, and where it ends (with its text), in UTF-16 units. */
  start: number;
  end: number;
}

/** Elements whose content is text, in which `<` begins no tag (HTML Standard, "Parsing HTML documents"). */
const TEXT_ENDS: ReadonlyMap<string, RegExp> = new Map(
  ['script', 'style', 'title', 'textarea', 'noscript', 'iframe', 'noembed', 'noframes', 'xmp'].map((name) => [
    name,
    new RegExp(`</${name}[\\s/>]`, 'gi'),
  ]),
);

const TAG_NAME = /[a-z][^\s/>]*/iy;
const BETWEEN_ATTRIBUTES = /[\s/]*/y;
const ATTRIBUTE_NAME = /[^\s/>][^\s/>=]*/y;
const EQUALS = /\s*=\s*/y;
const BARE_VALUE = /[^\s>]*/y;

/** The start tags of a page, in their order. What is a comment, or in text alone, is no tag. A tag that does not end ends the page. */
export function* readTags(html: string): Generator<HtmlTag> {
  const reader = new TagReader(html);
  for (let tag = reader.next(); tag !== undefined; tag = reader.next()) yield tag;
}

class TagReader {
  readonly #html: string;
  #at = 0;
  /** Elements of which no end is left: they are not searched for one again. */
  readonly #endless = new Set<string>();

  constructor(html: string) {
    this.#html = html;
  }

  next(): HtmlTag | undefined {
    const html = this.#html;
    for (;;) {
      const start = html.indexOf('<', this.#at);
      if (start < 0) return;
      this.#at = start + 1;
      if (html.startsWith('!--', this.#at)) {
        // From `!`, since `<!-->` is a whole comment.
        if (!this.#skipPast('-->', start + 2)) return;
        continue;
      }
      const name = this.#match(TAG_NAME);
      if (name === undefined) continue;
      const attributes = this.#readAttributes();
      if (attributes === undefined) return;
      const lowerName = name.toLowerCase();
      const text = this.#readText(lowerName);
      return { name: lowerName, attributes, text, start, end: this.#at };
    }
  }

  /** Undefined: the tag has no end. */
  #readAttributes(): Map<string, string> | undefined {
    const attributes = new Map<string, string>();
    for (;;) {
      this.#match(BETWEEN_ATTRIBUTES);
      if (this.#at >= this.#html.length) return;
      if (this.#html[this.#at] === '>') {
        this.#at += 1;
        return attributes;
      }
      const name = this.#match(ATTRIBUTE_NAME)?.toLowerCase() ?? '';
      const value = this.#match(EQUALS) === undefined ? '' : this.#readValue();
      if (value === undefined) return;
      if (!attributes.has(name)) attributes.set(name, value);
    }
  }

  #readValue(): string | undefined {
    const quote = this.#html[this.#at];
    if (quote !== '"' && quote !== "'") return this.#match(BARE_VALUE) ?? '';
    const from = this.#at + 1;
    if (!this.#skipPast(quote, from)) return;
    return this.#html.slice(from, this.#at - 1);
  }

  /** Up to the end tag; without one, there is no text, though for a browser all that follows would be. */
  #readText(name: string): string {
    const end = TEXT_ENDS.get(name);
    if (end === undefined || this.#endless.has(name)) return '';
    const from = this.#at;
    end.lastIndex = from;
    const found = end.exec(this.#html);
    if (found === null) {
      this.#endless.add(name);
      return '';
    }
    this.#at = found.index;
    return this.#html.slice(from, found.index);
  }

  #match(expression: RegExp): string | undefined {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#html)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #skipPast(text: string, from: number): boolean {
    const found = this.#html.indexOf(text, from);
    if (found < 0) return false;
    this.#at = found + text.length;
    return true;
  }
}
