import { createHash } from 'node:crypto';
import { isProduction, PREVIEW_KINDS, type PreviewKind } from '../domain/github-deployment.ts';
import { isPreviewBase, PREVIEW_HASH_CHARS, type PreviewNaming } from '../domain/preview-name.ts';
import { trimEnd } from '../domain/trim-ends.ts';
import { choiceParser, integerParser, MAX_PULL_REQUEST, type Parsed } from './parsers.ts';
import { InputProblems } from './problems.ts';
import { type ReadContext, readEnv, readText, readValue } from './readers.ts';
import type { InputSource } from './source.ts';

const PREVIEW = 'preview';
const BASE_NAME = 'preview-base-name';
const BASE_RULE = 'letters, digits, `-`, `_` and `.`, with at least one letter or digit; a long one is cut.';

const parseKind = choiceParser(['false', ...PREVIEW_KINDS]);
const parsePullRequest = integerParser(1, MAX_PULL_REQUEST);

/** The kind of preview that was asked for; `false` for none, undefined when something is wrong with it. */
export function readPreviewKind(context: ReadContext): PreviewKind | false | undefined {
  const kind = readValue(context, PREVIEW, parseKind, 'false');
  if (kind === undefined || kind === 'false') return kind === 'false' ? false : undefined;
  const isFine = [isForPullRequest(context, kind), isNoProduction(context, '`preview` is given')];
  return isFine.every(Boolean) ? kind : undefined;
}

/** The same for those who leave complaining to `readPreviewKind`. */
export function previewKindOf(source: InputSource): PreviewKind | false | undefined {
  return readPreviewKind({ source, problems: new InputProblems() });
}

/** Number of the pull request, by the input or else the event; undefined where there is none, or a bad one. */
export function pullRequestOf(source: InputSource): number | undefined {
  const text = readText(source, 'pull-request');
  if (text === '') return source.eventPullRequest;
  const parsed = parsePullRequest(text);
  return parsed.ok ? parsed.value : undefined;
}

function isForPullRequest({ source, problems }: ReadContext, kind: PreviewKind): boolean {
  // A wrong number is reported where it is read.
  if (pullRequestOf(source) !== undefined || readText(source, 'pull-request') !== '') return true;
  problems.add({
    input: PREVIEW,
    problem: `It is "${kind}", and the event that started this run has no pull request.`,
    remedy:
      'Run it on `pull_request`, or say with `pull-request` which one is previewed. For production, `preview` is `false`.',
  });
  return false;
}

/** A preview that is shown as production's deployment would lie. @param why what makes it one, for the message */
export function isNoProduction({ source, problems }: ReadContext, why: string): boolean {
  if (!isProduction(readText(source, 'environment'))) return true;
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
  // Whatever the base is: without the repository in it, the hash would be everybody's.
  if (name === undefined) {
    const problem =
      "GITHUB_REPOSITORY is not set to `owner/name`, by which previews are distinguished from other repositories'.";
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

/** To be called where no project is named after it. */
export function warnOfUnusedBase({ source, problems }: ReadContext): void {
  if (readText(source, BASE_NAME) !== '')
    problems.warn(`${BASE_NAME}: it is ignored, since \`preview\` is not "isolated".`);
}

function parseBase(text: string): Parsed<string> {
  if (isPreviewBase(text)) return { ok: true, value: text };
  return { ok: false, reason: 'cannot begin the name of a project', allowed: BASE_RULE };
}

/** Where it is not github.com: two servers may each have a repository of this name, and one store between them. */
function serverOf(source: InputSource): string {
  const url = trimEnd(readEnv(source, 'GITHUB_SERVER_URL'), '/');
  return url === '' || /^https:\/\/github\.com$/i.test(url) ? '' : `${url}/`;
}

/** Of the whole base: where it is cut, two long ones may begin alike. GitHub ignores case in a repository's name. */
function hashOf(repository: string, base: string): string {
  const text = `${repository.toLowerCase()}\n${base}`;
  return createHash('sha256').update(text).digest('hex').slice(0, PREVIEW_HASH_CHARS);
}
