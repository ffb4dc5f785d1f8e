import { marked } from 'marked';

/** A step summary as GitHub makes HTML of it. */
export function toHtml(markdown: string): string {
  return marked.parse(markdown, { gfm: true, async: false });
}

/** The tags that a reader's browser would act on; line breaks, and code where a text has backticks, may come on top. */
export function elementsOf(html: string): (string | undefined)[] {
  return [...html.replace(/<!--[\s\S]*?-->/g, '').matchAll(/<\/?([a-z][a-z0-9]*)/gi)]
    .map(([, name]) => name)
    .filter((name) => name !== 'br' && name !== 'code' && name !== 'p');
}
