import { createHash } from 'node:crypto';
import { isProduction } from '../domain/github-deployment.ts';
import {
  isPreviewBase,
  PREVIEW_HASH_CHARS,
  PREVIEW_KINDS,
  type PreviewKind,
  type PreviewNaming,
} from '../domain/preview-name.ts';
import { trimEnd } from '../domain/trim-ends.ts';
import { choiceParser, integerParser, MAX_PULL_REQUEST, type Parsed } from './parsers.ts';
import { type ReadContext, readEnv, readText, readValue } from './readers.ts';
import type { InputSource } from './source.ts';

const PREVIEW = 'preview';
const BASE_NAME = 'preview-base-name';
const BASE_RULE = 'letters, digits, `-`, `_` and `.`, with at least one letter or digit; a long one is cut.';

const parseKind = choiceParser(['false', ...PREVIEW_KINDS]);
const parsePullRequest = integerParser(1, MAX_PULL_REQUEST);

/** The kind of preview that is asked for; `false` for none, undefined if something is wrong with it. */
export function previewKindOf(source: InputSource): PreviewKind | false | undefined {
  const parsed = parseKind(readText(source, PREVIEW) || 'false');
  if (!parsed.ok) return undefined;
  if (parsed.value === 'false') return false;
  return hasPullRequest(source) && !isNamedProduction(source) ? parsed.value : undefined;
}

/** The same, and reports what is wrong with it. */
export function readPreviewKind(context: ReadContext): PreviewKind | false | undefined {
  const kind = readValue(context, PREVIEW, parseKind, 'false');
  if (kind !== undefined && kind !== 'false') {
    requirePullRequest(context, kind);
    isNoProduction(context, '`preview` is given');
  }
  return previewKindOf(context.source);
}

/** Number of the pull request, from the input or else the event; undefined if there is none, or a bad one. */
export function pullRequestOf(source: InputSource): number | undefined {
  const text = readText(source, 'pull-request');
  if (text === '') return source.eventPullRequest;
  const parsed = parsePullRequest(text);
  return parsed.ok ? parsed.value : undefined;
}

/** A wrong number counts: it is reported where it is read. */
function hasPullRequest(source: InputSource): boolean {
  return pullRequestOf(source) !== undefined || readText(source, 'pull-request') !== '';
}

function isNamedProduction(source: InputSource): boolean {
  return isProduction(readText(source, 'environment'));
}

function requirePullRequest({ source, problems }: ReadContext, kind: PreviewKind): void {
  if (hasPullRequest(source)) return;
  problems.add({
    input: PREVIEW,
    problem: `It is "${kind}", and the event that started this run has no pull request.`,
    remedy:
      'Run it on `pull_request`, or set `pull-request` to the one to preview. For production, `preview` is `false`.',
  });
}

/** A preview must not be shown as production's deployment. @param why what makes it a preview, for the message */
export function isNoProduction({ source, problems }: ReadContext, why: string): boolean {
  if (!isNamedProduction(source)) return true;
  problems.add({
    input: 'environment',
    problem: `It is "production", and ${why}.`,
    remedy: 'Leave `environment` out (it is `preview` then), or give another name.',
  });
  return false;
}

/** What the names of this repository's previews have in common; undefined when it is wrong. */
export function readPreviewNaming(context: ReadContext): PreviewNaming | undefined {
  const { source, problems } = context;
  const repository = readEnv(source, 'GITHUB_REPOSITORY');
  const name = /^[^/]+\/([^/]+)$/.exec(repository)?.[1];
  const given = readText(source, BASE_NAME);
  // Needed for any base: without the repository, every repository would have the same hash.
  if (name === undefined) {
    const problem =
      "GITHUB_REPOSITORY is not set to `owner/name`, which distinguishes these previews from other repositories'.";
    problems.add({ input: BASE_NAME, problem, remedy: 'The runner sets it; do not set it in `env:`.' });
    return undefined;
  }
  if (given === '' && !isPreviewBase(name)) {
    const problem = `It is not given, and the repository's name cannot be one.`;
    problems.add({ input: BASE_NAME, problem, allowed: BASE_RULE });
    return undefined;
  }
  const base = given === '' ? name : readValue(context, BASE_NAME, parseBase, name);
  return base === undefined ? undefined : { base, hash: hashOf(`${serverOf(source)}${repository}`, base) };
}

/** Call this when no project is named after it. */
export function warnOfUnusedBase({ source, problems }: ReadContext): void {
  if (readText(source, BASE_NAME) !== '')
    problems.warn(`${BASE_NAME}: it is ignored, since \`preview\` is not "isolated".`);
}

function parseBase(text: string): Parsed<string> {
  if (isPreviewBase(text)) return { ok: true, value: text };
  return { ok: false, reason: 'cannot begin the name of a project', allowed: BASE_RULE };
}

/** Unless it is github.com: two servers may each have a repository of this name, and share a store. */
function serverOf(source: InputSource): string {
  const url = trimEnd(readEnv(source, 'GITHUB_SERVER_URL'), '/');
  return url === '' || /^https:\/\/github\.com$/i.test(url) ? '' : `${url}/`;
}

/** Hashes the whole base: two long ones may be equal once cut. GitHub ignores case in a repository's name. */
function hashOf(repository: string, base: string): string {
  const text = `${repository.toLowerCase()}\n${base}`;
  return createHash('sha256').update(text).digest('hex').slice(0, PREVIEW_HASH_CHARS);
}
