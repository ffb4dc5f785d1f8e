import { limitChars } from './format.ts';
import { link } from './markdown.ts';

/** Names and addresses as a comment on a pull request shows them: it has to fit, whatever they are. */

/** For titles, names and addresses: longer than any honest one, short enough for all of them together to fit. */
const MAX_LABEL_CHARS = 100;
/** An address cannot be cut, since a part of it leads elsewhere: a longer one is shown without its link. */
const MAX_URL_CHARS = 300;

/** One line of a name or a title. */
export function limitLabel(value: string, maxChars = MAX_LABEL_CHARS): string {
  const line = value.replace(/\s+/g, ' ').trim();
  return line.length <= maxChars ? line : `${limitChars(line, maxChars)}…`;
}

export function limitUrl(url: string): string {
  return url.length <= MAX_URL_CHARS ? url : '';
}

export function limitedLink(label: string, url: string): string {
  return link(limitLabel(label), limitUrl(url));
}
