/** Ways in which servers, proxies and libraries write a text that they echo. Add a row for another one. */

export interface EncodingRow {
  what: string;
  /** The whole text as echoed, with the secret in its middle. */
  encode: (text: string) => string;
  /** The secret is a part of what is encoded, so that the text before it decides how it looks: bits of a character. */
  bits?: 4 | 6;
  /** Takes a second encoding off again. */
  unwrap?: (piece: string) => string;
}

const json = (text: string) => JSON.stringify(text).slice(1, -1);
const unitEscape = (digits: (code: number) => string) => (text: string) =>
  text.replace(/[\s\S]/g, (unit) => digits(unit.charCodeAt(0)));
const hex4 = (code: number) => code.toString(16).padStart(4, '0');
const ascii = (write: (code: number) => string) => (text: string) =>
  json(text).replace(/[^ -~]/g, (unit) => write(unit.charCodeAt(0)));
const percentBytes = (text: string) => Buffer.from(text).toString('hex').replace(/../g, '%$&');
const form = (text: string) => new URLSearchParams([['k', text]]).toString().slice(2);
const NAMES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  ä: '&auml;',
  é: '&eacute;',
  '€': '&euro;',
  '/': '&sol;',
  '+': '&plus;',
  '=': '&equals;',
  '#': '&num;',
  $: '&dollar;',
};
const named = (text: string) => text.replace(/[&<>"'äé€/+=#$]/g, (unit) => NAMES[unit] ?? unit);
const base64 = (text: string) => Buffer.from(text).toString('base64');
const hex = (text: string) => Buffer.from(text).toString('hex');

export const ENCODINGS: readonly EncodingRow[] = [
  { what: 'as it is', encode: (text) => text },
  { what: 'in lower case, as hostnames are', encode: (text) => text.toLowerCase() },
  { what: 'JSON', encode: json },
  { what: 'JSON with \\/', encode: (text) => json(text).replaceAll('/', '\\/') },
  { what: 'JSON in ASCII, \\u00e4', encode: ascii((code) => `\\u${hex4(code)}`) },
  { what: 'JSON in ASCII, \\u00E4', encode: ascii((code) => `\\u${hex4(code).toUpperCase()}`) },
  { what: 'JSON, every unit', encode: unitEscape((code) => `\\u${hex4(code)}`) },
  {
    what: 'JSON for HTML, \\u003c',
    encode: (text) => json(text).replace(/[<>&'+=]/g, (unit) => `\\u${hex4(unit.charCodeAt(0))}`),
  },
  { what: 'JSON twice', encode: (text) => json(json(text)) },
  { what: 'JSON in ASCII twice', encode: (text) => json(ascii((code) => `\\u${hex4(code)}`)(text)) },
  { what: 'percent encoding', encode: encodeURIComponent },
  {
    what: 'percent encoding in lower case',
    encode: (text) => encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
  },
  { what: 'percent encoding of every byte', encode: percentBytes },
  { what: 'percent encoding of some', encode: encodeURI },
  { what: 'percent encoding twice', encode: (text) => encodeURIComponent(encodeURIComponent(text)) },
  { what: 'a form, + for a blank', encode: form },
  { what: 'a form in JSON', encode: (text) => json(form(text)).replaceAll('/', '\\/') },
  { what: 'JSON in a form', encode: (text) => form(json(text)) },
  { what: 'HTML in a form', encode: (text) => form(named(text)) },
  { what: 'a form in a URL', encode: (text) => encodeURIComponent(form(text)) },
  { what: 'HTML entities, named', encode: named },
  { what: 'HTML entities, decimal', encode: (text) => [...text].map((one) => `&#${one.codePointAt(0)};`).join('') },
  {
    what: 'HTML entities, hex',
    encode: (text) => [...text].map((one) => `&#x${one.codePointAt(0)?.toString(16)};`).join(''),
  },
  {
    what: 'HTML entities, HEX',
    encode: (text) => [...text].map((one) => `&#X${one.codePointAt(0)?.toString(16).toUpperCase()};`).join(''),
  },
  { what: 'JSON in HTML', encode: (text) => named(json(text)) },
  { what: 'HTML in JSON', encode: (text) => json(named(text)) },
  { what: 'base64', encode: base64, bits: 6 },
  { what: 'base64 without padding', encode: (text) => base64(text).replaceAll('=', ''), bits: 6 },
  { what: 'base64 for URLs', encode: (text) => Buffer.from(text).toString('base64url'), bits: 6 },
  {
    what: 'base64 in JSON with \\/',
    encode: (text) => base64(text).replaceAll('/', '\\/'),
    bits: 6,
    unwrap: (piece) => piece.replaceAll('\\/', '/'),
  },
  {
    what: 'base64 in a URL',
    encode: (text) => encodeURIComponent(base64(text)),
    bits: 6,
    unwrap: decodeURIComponent,
  },
  { what: 'hex', encode: hex, bits: 4 },
  { what: 'hex in upper case', encode: (text) => hex(text).toUpperCase(), bits: 4 },
  { what: 'with characters that nobody sees', encode: (text) => [...text].join('\u200b') },
  { what: 'with control characters', encode: (text) => [...text].join('\u0007') },
  { what: 'with its reading direction turned', encode: (text) => [...text].join('\u202e') },
];
