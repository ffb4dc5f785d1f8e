/** Why a pattern of `exclude` matches nothing, as far as it can be seen from the pattern. */

/** The folder that is packaged. */
interface PackagedFolder {
  /** As the user wrote it. */
  display: string;
  /** Absolute, with `/` as the separator. */
  path: string;
}

const QUOTES = ['"', "'", '`'];
const OWN_LINE = 'Put each pattern on a line of its own, without commas, blanks, braces or brackets.';
const RELATIVE = 'Patterns are relative to the folder that is packaged.';
/** A shell replaces it by the workspace; nothing does so here. */
const SHELL = /^(?:\$\{?\w+\}?|~)\//;
/** Any folder, or the one above. */
const SOMEWHERE = /^(?:\*\*|\.\.)\//;
/** Of a Windows path. */
const DRIVE = /^[A-Za-z]:/;

/** A sentence or a few, with a guess and, where there is one, the pattern that was probably meant. */
export function unmatchedWarning(written: string, folder: PackagedFolder): string {
  const what = `exclude: the pattern ${JSON.stringify(written)} matches nothing in ${folder.display}.`;
  const sign = written.startsWith('!') ? '!' : '';
  const { pattern, signs } = withoutSigns(written.slice(sign.length));
  if (isList(pattern)) return `${what} ${OWN_LINE}`;
  const path = withoutFolder(pattern, folder);
  const meant = path ?? pattern;
  const write = meant === '' || meant === '/' ? '' : ` Write: ${sign}${meant}`;
  if (signs.length > 0) return `${what} It is read with ${signs.join(' and ')}.${write}`;
  if (path !== undefined) return `${what} ${RELATIVE}${write}`;
  return `${what} ${formGuess(pattern, sign)}`;
}

/** Several patterns in one, as made by YAML's `>` and its lists in brackets. */
function isList(pattern: string): boolean {
  if (pattern.startsWith('#')) return false;
  const isInBrackets = pattern.startsWith('[') && pattern.endsWith(']') && /[*"']/.test(pattern);
  return isInBrackets || /[,;]|\s[*/!]|\/\s|^\*\.\w+\s/.test(pattern);
}

/** What people put around a pattern out of habit, and the pattern without it. */
function withoutSigns(written: string): { pattern: string; signs: string[] } {
  const signs: string[] = [];
  let pattern = written.trim();
  if (!written.startsWith(pattern)) signs.push('the blanks before it');
  if (pattern.length > 1 && pattern.startsWith('-')) {
    signs.push('the dash before it');
    pattern = pattern.slice(1).trim();
  }
  const inner = pattern.endsWith(',') ? pattern.slice(0, -1) : pattern;
  if (inner.length > 1 && QUOTES.some((quote) => inner.startsWith(quote) && inner.endsWith(quote))) {
    signs.push('its quotes');
    pattern = inner.slice(1, -1);
  } else if (pattern.endsWith(',')) {
    signs.push('the comma at its end');
    pattern = pattern.slice(0, -1);
  }
  const comment = pattern.indexOf(' # ');
  if (comment > 0) {
    signs.push('the comment behind it');
    pattern = pattern.slice(0, comment).trimEnd();
  }
  if (pattern.startsWith('./')) {
    signs.push('`./` before it');
    pattern = pattern.slice(1);
  }
  return { pattern, signs };
}

/** The pattern without the path to the folder, from any starting point; undefined where it has none. */
function withoutFolder(written: string, folder: PackagedFolder): string | undefined {
  const pattern = (DRIVE.test(written) ? written.replaceAll('\\', '/') : written)
    .replace(SHELL, '')
    .replace(SOMEWHERE, '');
  const parts = pattern.split('/').filter((part) => part !== '');
  const folders = folder.path.split('/').filter((part) => part !== '');
  const ending = pattern.endsWith('/') ? '/' : '';
  for (let length = Math.min(folders.length, parts.length - 1); length > 0; length--) {
    const isWay = folders.slice(-length).every((part, index) => part === parts[index]);
    if (isWay) return `/${parts.slice(length).join('/')}${ending}`;
  }
  // In the zip everything is under this folder, which does not exist yet.
  return parts.length > 1 && parts[0] === 'output' ? `/${parts.slice(1).join('/')}${ending}` : undefined;
}

function formGuess(pattern: string, sign: string): string {
  if (pattern.startsWith('../') || pattern === '..') return 'Nothing outside of that folder is packaged anyway.';
  if (DRIVE.test(pattern) || SHELL.test(pattern)) return RELATIVE;
  if (/\\[A-Za-z0-9_*]/.test(pattern))
    return `Folders are separated by /. Write: ${sign}${pattern.replaceAll('\\', '/')}`;
  if (/^\.[A-Za-z0-9]+$/.test(pattern)) return `Names that end so are: ${sign}*${pattern}`;
  if (/^\^|\$$|\.\*|\\\./.test(pattern)) return 'It is a gitignore pattern, and no regular expression.';
  if (sign !== '') return 'So it takes nothing back.';
  return 'Names count as they are written, in upper and lower case; a slash at the end means folders only.';
}
