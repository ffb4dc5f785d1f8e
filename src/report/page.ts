import type { SummaryInput } from '../inputs/summary.ts';

/**
 * The pattern of every step summary: what a reader must know stands open, at the top and on one screen; what only some
 * look for is folded below it. Pure; all parts are GitHub-flavoured Markdown already.
 */

/** How much of a page is shown. */
export type SummaryDetail = Exclude<SummaryInput, 'off'>;

/** Parts that are undefined are left out. */
export interface Page {
  /** Without a mark of Markdown: `✅ Deployed to production`. */
  heading: string;
  /** Always shown: the address, whether something changed, what to do, one line of facts. */
  lead: readonly (string | undefined)[];
  /** Shown in full only: folds, mostly. */
  more: readonly (string | undefined)[];
}

export function renderPage({ heading, lead, more }: Page, detail: SummaryDetail = 'full'): string {
  const sections = [`## ${heading}`, ...lead, ...(detail === 'full' ? more : [])];
  return `${sections.filter((section) => section !== undefined && section !== '').join('\n\n')}\n`.toWellFormed();
}

/** `demo-storefront · dcad42c on main · 1.2 MB in 40 files · 6.5 s` */
export function factsLine(facts: readonly (string | undefined)[]): string | undefined {
  const known = facts.filter((fact) => fact !== undefined && fact !== '');
  return known.length === 0 ? undefined : known.join(' · ');
}

/**
 * `- **Deployment:** 402e092e-…`, a line each; values that are undefined are left out. A long id wraps on a phone, which it
 * would not do in a table.
 * @param rows values are Markdown already
 */
export function namedList(rows: readonly (readonly [string, string | undefined])[]): string {
  return rows
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `- **${name}:** ${value}`)
    .join('\n');
}

/** What opens on a click. @param title Markdown in one line, short enough for a phone */
export function fold(title: string, body: string, { isOpen = false }: { isOpen?: boolean } = {}): string {
  return `<details${isOpen ? ' open' : ''}><summary>${title}</summary>\n\n${body}\n\n</details>`;
}
