import type { RowProblem } from '../row-problems.ts';
import { quoted } from '../row-problems.ts';
import {
  DYNAMIC_TYPES,
  type DynamicType,
  MAX_URL_CHARS,
  NO_ENTITY_ID,
  REDIRECT_COLUMNS,
  type RedirectRow,
  type RedirectTarget,
} from './redirect.ts';

/** What is wrong with a value, a sentence each, and the value itself as far as it can be determined. */
interface Checked {
  faults: readonly string[];
  value: string;
}

const NO_FAULTS: readonly string[] = [];
const NO_DOMAIN: Checked = { faults: NO_FAULTS, value: '' };
const [DOMAIN, OLD_PATH, MANUAL, TYPE, ID] = REDIRECT_COLUMNS;

/**
 * Parses a row of a CSV (API document, section 2) into a redirect, or else into all of its faults. What is merely odd
 * (a fragment, a target that is neither path nor URL) is left to `checkRedirects`.
 * @param line where the row begins in the file
 * @param separator what separates the cells of the file
 */
export function parseRow(cells: readonly string[], line: number, separator = 'comma'): RedirectRow | RowProblem[] {
  if (cells.length !== REDIRECT_COLUMNS.length) return [{ line, message: columnFault(cells, separator) }];
  const [domainCell = '', pathCell = '', urlCell = '', typeCell = '', idCell = ''] = cells;
  if (cells.every((cell) => cell.trim() === '')) {
    return [{ line, message: 'The row is empty. Remove it.' }];
  }
  // Without a domain, the row is for the site of the run, if it has one: `import` rejects it.
  const domain = domainCell === '' ? NO_DOMAIN : checkDomain(domainCell, DOMAIN);
  const fromPath = checkOldPath(pathCell, OLD_PATH);
  const target = parseTarget(urlCell, typeCell, idCell);
  const faults = [...domain.faults, ...fromPath.faults, ...(Array.isArray(target) ? target : NO_FAULTS)];
  if (faults.length > 0 || Array.isArray(target)) return faults.map((message) => ({ line, message }));
  return { domain: domain.value, fromPath: fromPath.value, target, line };
}

function columnFault(cells: readonly string[], separator: string): string {
  const [only = ''] = cells;
  if (cells.length === 1 && only.trim() === '') return 'The line is not empty: it contains white space. Remove it.';
  const hint =
    cells.length > REDIRECT_COLUMNS.length
      ? ` A value that contains a ${separator} has to be quoted.`
      : ` Empty cells need their ${separator}s, too.`;
  return `The row has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}, not ${REDIRECT_COLUMNS.length}.${hint}`;
}

/** The target of three cells, or what is wrong with them. */
function parseTarget(url: string, type: string, id: string): RedirectTarget | string[] {
  if (type === '' && id === '' && url !== '') {
    const { faults, value } = checkManualUrl(url, MANUAL);
    return faults.length > 0 ? [...faults] : { kind: 'manual', url: value };
  }
  if (url === '' && type === '' && id === '') {
    return [`There is no target: give a ${MANUAL}, or a ${TYPE} and a ${ID}.`];
  }
  const faults =
    url === ''
      ? []
      : [
          `There are two targets: give a ${MANUAL}, or a ${TYPE} and a ${ID}, not both.`,
          ...checkManualUrl(url, MANUAL).faults,
        ];
  const typeFound = parseDynamicType(type);
  const idFound = parseDynamicId(id);
  if (typeof typeFound === 'object') faults.push(...typeFound.faults);
  if (typeof idFound === 'object') faults.push(...idFound.faults);
  if (faults.length > 0 || typeof typeFound === 'object' || typeof idFound === 'object') return faults;
  return { kind: 'dynamic', type: typeFound, id: idFound };
}

function parseDynamicType(text: string): DynamicType | { faults: string[] } {
  const known = DYNAMIC_TYPES.find((type) => type === text);
  if (known !== undefined) return known;
  if (text === '') return { faults: [`${TYPE} is empty, but there is a ${ID}.`] };
  const meant = DYNAMIC_TYPES.find((type) => type.toLowerCase() === text.trim().toLowerCase());
  const { faults } = checkText(text, TYPE);
  if (faults.length > 0) return { faults: [...faults] };
  const advice = meant === undefined ? `It has to be one of ${DYNAMIC_TYPES.join(', ')}.` : `Write "${meant}".`;
  return { faults: [`${TYPE} is ${quoted(text)}, which the platform does not know. ${advice}`] };
}

/** An id of a product or the like, or the 0 of one that was deleted. */
export function isDynamicId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= NO_ENTITY_ID;
}

function parseDynamicId(text: string): number | { faults: string[] } {
  if (text === '') return { faults: [`${ID} is empty, but there is a ${TYPE}.`] };
  // Exports have the id 0 for what was deleted: whether that is allowed depends on the site (`dead-targets.ts`).
  if (/^(?:0|[1-9]\d*)$/.test(text) && isDynamicId(Number(text))) return Number(text);
  const { faults } = checkText(text, ID);
  return {
    faults: faults.length > 0 ? [...faults] : [`${ID} is ${quoted(text)}, which is not a positive whole number.`],
  };
}

// A quick test of every cell; only suspect ones are checked further.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const SUSPECT = /^\s|\s$|[\u0000-\u001f\u007f-\u009f\ufffd]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** What no cell may contain. The value is returned trimmed, so that a fault is reported once. */
function checkText(text: string, label: string): Checked {
  if (!SUSPECT.test(text) && text.isWellFormed()) return { faults: NO_FAULTS, value: text };
  const value = text.trim();
  const faults: string[] = [];
  if (value === '') return { faults: [`${label} is only white space.`], value };
  if (value !== text) {
    const begins = value !== text.trimEnd();
    const ends = value !== text.trimStart();
    const where = begins && ends ? 'begins and ends' : begins ? 'begins' : 'ends';
    faults.push(`${label} ${where} with white space: ${quoted(text)}. Remove it.`);
  }
  const control = CONTROL.exec(value);
  if (control !== null) {
    const code = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    const what = /[\r\n]/.test(control[0]) ? 'a line break' : `a control character (U+${code})`;
    faults.push(`${label} contains ${what}: ${quoted(value)}.`);
  }
  if (value.includes('\ufffd') || !value.isWellFormed()) {
    faults.push(`${label} contains a character that is not valid UTF-8: ${quoted(value)}. Save the file as UTF-8.`);
  }
  return { faults, value };
}

// Labels of letters (of any script), digits and hyphens, 253 characters at most. No port and no dot at the end.
const MAX_HOST_CHARS = 253;
const HOST =
  /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?)*$/u;

function isHost(text: string): boolean {
  return HOST.test(text) && [...text].length <= MAX_HOST_CHARS;
}

/** A host name by itself, as the platform writes domains; the value is in lower case. */
export function checkDomain(text: string, label: string): Checked {
  if (text === '') return { faults: [`${label} is empty.`], value: '' };
  const { faults, value } = checkText(text, label);
  if (faults.length > 0 || isHost(value)) return { faults, value: value.toLowerCase() };
  return { faults: [`${label} is ${quoted(value)}, which is not a host name. ${domainAdvice(value)}`], value };
}

function domainAdvice(text: string): string {
  const asUrl = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text.replace(/^\/+/, '')}`;
  const host = URL.canParse(asUrl) ? new URL(asUrl).hostname.replace(/\.$/, '') : '';
  return HOST.test(host)
    ? `Write "${host}": no scheme, port or path, and no dot at the end.`
    : 'It looks like "www.example.com".';
}

/** An old path: of the domain, so without it. */
export function checkOldPath(text: string, label: string): Checked {
  if (text === '') return { faults: [`${label} is empty.`], value: '' };
  const { faults, value } = checkText(text, label);
  if (value.startsWith('/') || value === '') return { faults, value };
  const isUrl = /^https?:\/\//i.test(value) && URL.canParse(value);
  const advice = isUrl ? `Write only the path: ${quoted(value.replace(/^https?:\/\/[^/?#]*\/?/i, '/'))}.` : '';
  const sentence = `${label} is ${quoted(value)}, which does not begin with "/".`;
  return { faults: [...faults, advice === '' ? sentence : `${sentence} ${advice}`], value };
}

/** A manual target: a path or a URL of a length that the platform takes. */
export function checkManualUrl(text: string, label: string): Checked {
  const { faults, value } = checkText(text, label);
  const chars = value.length > MAX_URL_CHARS ? [...value].length : value.length;
  if (chars <= MAX_URL_CHARS) return { faults, value };
  const sentence = `${label} has ${chars.toLocaleString('en-US')} characters; ${MAX_URL_CHARS.toLocaleString('en-US')} are allowed.`;
  return { faults: [...faults, sentence], value };
}
