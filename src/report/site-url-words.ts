import { link } from './markdown.ts';
import type { SiteUrlRecord } from './site-url-record.ts';

/** What the log and the summary say of the site URL of a channel. */

interface Words {
  /** What it is, or was to be. */
  shown: string | undefined;
  /** What there is to say of it. */
  note: string;
}

/** `https://www.example.com (channel 1; before: https://old.example.com)` */
export function siteUrlLine(record: SiteUrlRecord): string {
  return lineOf(record, (url) => url);
}

/** The same in the summary: HTML. */
export function siteUrlWords(record: SiteUrlRecord): string {
  return lineOf(record, (url) => link(url, url));
}

function lineOf(record: SiteUrlRecord, show: (url: string) => string): string {
  const { shown, note } = wordsOf(record, show);
  const channel = `channel ${record.channelId}`;
  return shown === undefined ? `${channel}: ${note}` : `${shown} (${channel}; ${note})`;
}

function wordsOf({ state, url, before }: SiteUrlRecord, show: (url: string) => string): Words {
  const [now, was] = [url, before].map((one) => (one === undefined ? undefined : show(one)));
  const wanted = now === undefined ? '' : ` to ${now}`;
  switch (state) {
    case 'updated':
      return { shown: now, note: `before: ${was ?? 'not known'}` };
    case 'unchanged':
      return { shown: now, note: 'as before' };
    case 'planned':
      return {
        shown: undefined,
        note: `would be set${now === undefined ? ' to the address of the deployment' : wanted}`,
      };
    case 'unknown':
    case 'updating':
      return { shown: undefined, note: `may or may not be set${wanted}${was === undefined ? '' : `, before: ${was}`}` };
    case 'reading':
    case 'kept':
    case 'failed':
      return { shown: was, note: `not set${wanted}` };
  }
}
