/** What the tests of the pull request's comment share: pushes to look at, and a comment as its reader sees it. */
import { expect } from '@jest/globals';
import { marked } from 'marked';
import type { Emulator } from '../../emulator/emulator.ts';
import type { RecordedRequest } from '../../emulator/recorder.ts';
import type { GitHubComment } from '../../emulator/services/github/records.ts';
import { PULL_REQUEST } from './github-harness.ts';

/** GitHub refuses a longer one. */
export const MAX_COMMENT_CHARS = 65_536;

/** The pull request has one more commit. */
export function pushCommit(emulator: Emulator, digit: string): string {
  const headSha = digit.repeat(40);
  emulator.github.addPullRequest({ number: PULL_REQUEST, headSha });
  return headSha;
}

/** The one comment that the pull request has from this login (the job's). */
export function onlyComment(emulator: Emulator, login = emulator.github.login): GitHubComment {
  const found = emulator.github.comments.filter(({ user }) => user.login === login);
  if (found.length !== 1 || found[0] === undefined) {
    throw new Error(`expected one comment of ${login}, got ${found.length}: ${found.map(({ body }) => body)}`);
  }
  return found[0];
}

/** Requests that write comments. */
export function writesOf(emulator: Emulator): RecordedRequest[] {
  return emulator.requests.filter(({ call }) => call === 'github.createComment' || call === 'github.updateComment');
}

/** As GitHub shows a comment: there, each line break counts. */
export function toHtml(body: string): string {
  return marked.parse(body, { gfm: true, breaks: true, async: false });
}

/** What a reader sees, without marks. */
export function wordsOf(body: string): string {
  return decode(withoutComments(toHtml(body)).replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' ');
}

/** Each paragraph, heading, quote and cell on its own. */
export function blocksOf(body: string): string[] {
  return withoutComments(toHtml(body)).split(/<\/(?:p|h\d|blockquote|tr)>/);
}

export function hrefsOf(body: string): string[] {
  return [...toHtml(body).matchAll(/href="([^"]*)"/g)].map(([, href = '']) => decode(href));
}

export function headingOf(body: string): string {
  return decode(/<h3>(.*)<\/h3>/.exec(withoutComments(toHtml(body)))?.[1] ?? '');
}

const ELEMENTS =
  /^(?:h3|h4|wbr|p|pre|strong|b|em|a|br|hr|sub|sup|table|thead|tbody|tr|th|td|code|details|summary|blockquote|ul|li)$/;

/** Without blocks of code, which show everything as it is. */
export function outsideCode(markdown: string): string {
  return markdown.replace(/^(`{3,})[a-z]*\n[\s\S]*?\n\1$/gm, '');
}

/**
 * The comment is made of what this action writes alone: no mention that would ring, no HTML comment that is not closed, no
 * picture, no element that a text has brought along, and no link but to these places.
 */
export function expectTame(body: string, places: readonly string[]): void {
  const html = toHtml(body);
  expect(outsideCode(body).replace(/<!--(?:(?!<!--|-->|--!>)[\s\S])*-->/g, '')).not.toMatch(/<!--|-->|--!>/);
  const elements = [...withoutComments(html).matchAll(/<\/?([a-z][\w-]*)/gi)].map(([, name = '']) =>
    name.toLowerCase(),
  );
  expect(elements.filter((name) => !ELEMENTS.test(name))).toEqual([]);
  expect(withoutComments(html)).not.toMatch(/<[a-z][^<>]*(?:\son\w+=|javascript:)/i);
  for (const href of hrefsOf(body)) expect(places.some((place) => href.startsWith(place)) ? '' : href).toBe('');
  // Mentions are looked for in texts, each between two marks; code is passed over.
  const texts = html.replace(/<code(?: class="[\w-]*")?>[\s\S]*?<\/code>/g, '<>').split(/<!--[\s\S]*?-->|<[^>]*>/);
  expect(texts.map(decode).filter((text) => /(?:^|[^\w`])@[a-z\d]/i.test(text))).toEqual([]);
}

function withoutComments(html: string): string {
  return html.replace(/<!--[\s\S]*?-->/g, '');
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' };

function decode(html: string): string {
  return html.replace(/&(?:#(\d+)|#x([\da-f]+)|(amp|lt|gt|quot|nbsp));/gi, (_, digits, hex, name) => {
    if (name !== undefined) return NAMED[name] ?? '';
    return String.fromCodePoint(digits === undefined ? Number.parseInt(hex, 16) : Number(digits));
  });
}
