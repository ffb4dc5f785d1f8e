import { findInvisible } from '../invisible.ts';
import { shown } from '../row-problems.ts';
import type { Oddities } from './oddities.ts';
import { type RedirectRow, targetText } from './redirect.ts';

// What other services use as wildcards, placeholders and patterns. `*` is allowed in a path, so it is not an error.
const WILDCARD = /\*|\/:[a-z_]\w*|\(\.[+*]|\[\^|\\[dw]|^\/\^|\$$/i;
const PLACEHOLDER = /\*|\/:[a-z_]\w*|\$[1-9]|\/:splat/i;

/** Adds what is odd about a row by itself: it is valid, but probably not what was meant. */
export function addOddRow({ line, fromPath, target }: RedirectRow, oddities: Oddities): void {
  const url = target.kind === 'manual' ? target.url : '';
  if (fromPath.includes('#')) oddities.add('fragment', line, () => `${shown(fromPath)} has a fragment (#…).`);
  if (fromPath.startsWith('//')) oddities.add('doubleSlash', line, () => `${shown(fromPath)} begins with "//".`);
  if (WILDCARD.test(fromPath)) {
    oddities.add('wildcard', line, () => `${shown(fromPath)} looks like a wildcard or a pattern.`);
  } else if (url.startsWith('/') && PLACEHOLDER.test(url)) {
    oddities.add('wildcard', line, () => `The target ${shown(url)} seems to have a placeholder in it.`);
  }
  addInvisible({ line, fromPath, target }, oddities);
  if (url === '') return;
  if (!url.startsWith('/') && !/^https?:\/\//i.test(url)) {
    oddities.add('nowhere', line, () => `${shown(url)} neither begins with "/" nor is an http(s) URL.`);
  }
  if (/^\/(?:[^#?/\\][^#?]*)?\?[^#]/.test(url)) {
    oddities.add('ownQuery', line, () => `The target ${shown(url)} is a path of the storefront with a query.`);
  }
}

function addInvisible({ line, fromPath, target }: Omit<RedirectRow, 'domain'>, oddities: Oddities): void {
  const inPath = findInvisible(fromPath);
  if (inPath !== undefined) {
    oddities.add('invisible', line, () => `The old path ${shown(fromPath)} has an invisible character (${inPath}).`);
  }
  const inTarget = target.kind === 'manual' ? findInvisible(target.url) : undefined;
  if (inTarget !== undefined) {
    oddities.add(
      'invisible',
      line,
      () => `The target ${shown(targetText(target))} has an invisible character (${inTarget}).`,
    );
  }
}
