import { type EnvironmentVariable, isOrdinaryWord, looksSecret } from '../domain/variables.ts';
import { type KeyValueEntry, type KeyValueResult, parseKeyValue } from './key-value.ts';
import { addLineProblems, renderLines } from './line-problems.ts';
import { maskText } from './masks.ts';
import type { InputProblems } from './problems.ts';
import type { ReadContext } from './readers.ts';
import type { InputSource } from './source.ts';
import { secretCommentTextsOf, textsBeside, warnAboutSlips } from './value-slips.ts';

const PLAIN_INPUT = 'environment-variables';
const SECRET_INPUT = 'secrets';
const REMEDY = 'Write one KEY=VALUE on each line, as in a .env file.';
/** Keys are usually shorter, or have no digits, or are in one case with `_` between words. */
const MIN_BARE_VALUE_CHARACTERS = 16;

/**
 * Masks every value of `secrets`, and everything on its bad lines that might be one, except words that are not secret.
 * Call this before anything else.
 */
export function maskSecretValues(source: InputSource): void {
  const secrets = parseSecrets(source);
  for (const entry of secrets.entries) {
    // Beside bad lines a "key" may be a piece of a secret, and must be named nowhere.
    const key = secrets.problems.length === 0 ? entry.key : '';
    maskText(source, withoutOrdinaryLines(entry.value), key);
    // The text beside a value may be a comment, or another key's value.
    for (const text of textsBeside(entry)) maskText(source, withoutOrdinaryLines(text), '');
  }
  for (const text of [...secretCommentTextsOf(secrets), ...secrets.suspects]) {
    maskText(source, withoutOrdinaryLines(text), '');
  }
}

/** Of a value of several lines each line is masked by itself. */
function withoutOrdinaryLines(value: string): string {
  return value
    .split(/[\r\n]+/)
    .filter((line) => !isOrdinaryWord(line))
    .join('\n');
}

/** Says to a storefront that it is hosted natively. BigCommerce's own tool appends it, too (API document, section 1). */
const HOSTING: EnvironmentVariable = { type: 'plain_text', key: 'CATALYST_HOSTING', value: 'native' };

/**
 * The deployment's variables: first `environment-variables`, then `secrets`, each in the order given, and CATALYST_HOSTING
 * unless it is given.
 */
export function readVariables({ source, problems }: ReadContext): EnvironmentVariable[] {
  const plain = parseKeyValue(source.input(PLAIN_INPUT));
  const secret = parseSecrets(source);
  addLineProblems(problems, PLAIN_INPUT, { found: plain.problems, remedy: REMEDY });
  addLineProblems(problems, SECRET_INPUT, { found: secret.problems, remedy: REMEDY });
  addRepeatedKeys(problems, plain, secret);
  warnAboutSlips(problems, PLAIN_INPUT, plain);
  warnAboutSlips(problems, SECRET_INPUT, secret);
  warnAboutSecrets(problems, secret);
  warnAboutPlainText(problems, plain.entries);
  const given: EnvironmentVariable[] = [
    ...plain.entries.map(({ key, value }) => ({ type: 'plain_text' as const, key, value })),
    ...secret.entries.map(({ key, value }) => ({ type: 'secret' as const, key, value })),
  ];
  return given.some(({ key }) => key === HOSTING.key) ? given : [...given, HOSTING];
}

/**
 * `secrets: ${{ secrets.KEY }}`, without `KEY=`, is a mistake that must not make a secret a key, since keys are shown.
 */
function parseSecrets(source: InputSource): KeyValueResult {
  const isBareValue = (key: string) =>
    key.length >= MIN_BARE_VALUE_CHARACTERS &&
    !key.includes('_') &&
    [/[A-Z]/, /[a-z]/, /\d/].every((kind) => kind.test(key));
  return parseKeyValue(source.input(SECRET_INPUT), { isBareValue });
}

function addRepeatedKeys(problems: InputProblems, plain: KeyValueResult, secret: KeyValueResult): void {
  const places = [
    ...plain.entries.map(({ key, line }) => ({ key, line, input: PLAIN_INPUT })),
    ...secret.entries.map(({ key, line }) => ({ key, line, input: SECRET_INPUT })),
  ];
  // Beside bad lines a "key" may be a piece of a secret that was given without quotes (`c2VjcmV0=`).
  const keysAreSure = plain.problems.length + secret.problems.length === 0;
  for (const [key, group] of Map.groupBy(places, (place) => place.key)) {
    if (group.length < 2) continue;
    const where = [...Map.groupBy(group, ({ input }) => input)]
      .map(([input, given]) => `${input} ${renderLines(given)}`)
      .join(', ');
    const name = keysAreSure ? `The key ${key}` : 'A key';
    problems.add({
      input: group.at(-1)?.input ?? SECRET_INPUT,
      problem: `${name} is given more than once: ${where}.`,
      remedy: 'Give each key once.',
    });
  }
}

function warnAboutSecrets(problems: InputProblems, { entries, problems: badLines }: KeyValueResult): void {
  // As with repeated keys: beside bad lines a "key" may be a piece of a secret.
  const render = badLines.length === 0 ? renderKeys : renderLines;
  const empty = entries.filter(({ value }) => value.trim() === '');
  if (empty.length > 0) {
    problems.warn(
      `${SECRET_INPUT}: no value for ${render(empty)}. A GitHub secret that does not exist arrives empty, and so ` +
        'does every one in a run for a fork or for Dependabot.',
    );
  }
  const ordinary = entries.filter(({ value }) => isOrdinaryWord(value));
  if (ordinary.length > 0) {
    problems.warn(
      `${SECRET_INPUT}: the value of ${render(ordinary)} is a common word (such as \`true\` or \`production\`), and not ` +
        `masked, since addresses and outcomes have it, too. Move it to \`${PLAIN_INPUT}\`.`,
    );
  }
  const nothingMasked = { maskSecret: () => undefined };
  const short = entries.filter(
    ({ value }) => value.trim() !== '' && !isOrdinaryWord(value) && !maskText(nothingMasked, value),
  );
  const singleLine = short.filter(({ value }) => !hasLineBreak(value));
  if (singleLine.length > 0) {
    problems.warn(
      `${SECRET_INPUT}: the value of ${render(singleLine)} is under 4 characters and is not masked, since so short a mask ` +
        'would make the log unreadable.',
    );
  }
  const multiLine = short.filter(({ value }) => hasLineBreak(value));
  if (multiLine.length > 0) {
    problems.warn(
      `${SECRET_INPUT}: no line of the value of ${render(multiLine)} has 4 characters or more, so it is not masked: so ` +
        'short a mask would make the log unreadable.',
    );
  }
}

function warnAboutPlainText(problems: InputProblems, entries: readonly KeyValueEntry[]): void {
  const suspicious = entries.filter(({ key, value }) => value !== '' && looksSecret(key));
  if (suspicious.length === 0) return;
  problems.warn(
    `${PLAIN_INPUT}: by its name ${renderKeys(suspicious)} may be a secret. These variables are stored as plain text ` +
      `and not masked; \`${SECRET_INPUT}\` is for the ones that nobody should read.`,
  );
}

function hasLineBreak(text: string): boolean {
  return /[\r\n]/.test(text);
}

function renderKeys(entries: readonly KeyValueEntry[]): string {
  return [...new Set(entries.map(({ key }) => key))].join(', ');
}
