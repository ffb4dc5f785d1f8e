import type { Parsed } from './parsers.ts';

/**
 * A URL of http or https that has nothing but a host and maybe a port, or these alone, which stand for https. Nothing is
 * guessed or dropped.
 * @param allowed for the message if it is another one
 */
export function parseBareUrl(text: string, allowed: string): Parsed<URL> {
  const refuse = (reason: string): Parsed<URL> => ({ ok: false, reason, allowed });
  if (text.includes('@')) return refuse('holds credentials');
  if (/[?#]/.test(text)) return refuse('holds a query or a fragment');
  const scheme = /^([^/\\]*):\/\//.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'https' && scheme !== 'http') return refuse('is neither https nor http');
  const rest = scheme === undefined ? text : text.slice(scheme.length + '://'.length);
  // `new URL` forgives backslashes, more slashes, tabs and line feeds; a host that needs that is a mistake.
  if (/[\\\s]/.test(rest) || rest.startsWith('/')) return refuse('is not a host or a URL');
  if (/\/./.test(rest)) return refuse('holds a path');
  const url = URL.parse(`${scheme ?? 'https'}://${rest}`);
  return url === null || url.hostname === '' ? refuse('is not a host or a URL') : { ok: true, value: url };
}
