/** What the project's Markdown links to, and whether it is there: files, and the anchors that GitHub gives headings. */
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { marked, type Token } from 'marked';

/** Addresses of other servers, which no test asks. */
const FOREIGN = /^[a-z][a-z\d+.-]*:/i;
const HTML_LINK = /\b(?:href|src|srcset)="([^"]*)"/g;
const FILES = ['*.md', '*/*.md', '.github/*.md', '.github/*/*.md'];

interface Page {
  /** As they are written, in their order. */
  links: string[];
  /** Of its headings; of two with the same words, the second one ends in `-1`. */
  anchors: string[];
}

/** Paths of the repository's Markdown files, with `/`. */
export function listMarkdown(root: string): string[] {
  return globSync(FILES, { cwd: root, exclude: (name) => name === 'node_modules' })
    .map((path) => path.split(sep).join('/'))
    .sort();
}

/**
 * The anchor that GitHub gives a heading: letters in lower case, digits, `_` and `-` stay, a blank becomes `-`, and
 * everything else goes.
 * @param text of the heading, without its marks for bold, code and links
 */
export function headingAnchor(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
    .replaceAll(' ', '-');
}

export function readPage(markdown: string): Page {
  const page: Page = { links: [], anchors: [] };
  void marked.walkTokens(marked.lexer(markdown), (token) => {
    if (token.type === 'link' || token.type === 'image') page.links.push(token['href']);
    if (token.type === 'html') page.links.push(...[...token.raw.matchAll(HTML_LINK)].map(([, link = '']) => link));
    if (token.type === 'heading') page.anchors.push(unique(headingAnchor(plainText(token)), page.anchors));
  });
  return page;
}

function plainText(token: Token): string {
  const inner: Token[] | undefined = 'tokens' in token ? token.tokens : undefined;
  if (inner !== undefined) return inner.map(plainText).join('');
  return 'text' in token ? String(token.text) : '';
}

function unique(anchor: string, taken: readonly string[]): string {
  let count = 0;
  const name = () => (count === 0 ? anchor : `${anchor}-${count}`);
  while (taken.includes(name())) count += 1;
  return name();
}

/**
 * Links of a page that lead nowhere, each with why. Those to other servers are taken for right.
 * @param path of the page in the repository, with `/`
 */
export function brokenLinks(root: string, path: string): string[] {
  const { links } = readPage(readFileSync(join(root, path), 'utf8'));
  return links
    .filter((link) => !FOREIGN.test(link))
    .flatMap((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : posix.join(posix.dirname(path), file);
      const reason = missing(root, target, anchor);
      return reason === undefined ? [] : [`${path}: ${link}: ${reason}`];
    });
}

/**
 * Why a place in the repository is not there; undefined where it is.
 * @param target a file or folder, with `/`
 * @param anchor without `#`
 */
export function missing(root: string, target: string, anchor?: string): string | undefined {
  const file = join(root, target);
  if (target.startsWith('../')) return 'it leads out of the repository';
  if (!existsSync(file)) return 'there is no such file';
  if (anchor === undefined) return undefined;
  if (!target.endsWith('.md') || !statSync(file).isFile()) return 'only Markdown has anchors';
  return readPage(readFileSync(file, 'utf8')).anchors.includes(anchor) ? undefined : 'there is no such heading';
}
