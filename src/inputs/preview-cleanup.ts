import { PREVIEW } from '../domain/github-deployment.ts';
import type { PreviewNaming } from '../domain/preview-name.ts';
import { readApiOrigin } from './api-host.ts';
import { ACCESS_TOKEN, maskCredential, readCredential, STORE_HASH } from './credentials.ts';
import { complete, maskGitHubToken, readCommentGroup, readEnvironment, readGitHubToken } from './github.ts';
import { integerParser, MAX_PULL_REQUEST, parseBoolean } from './parsers.ts';
import { isNoProduction, readPreviewNaming } from './preview.ts';
import { InputProblems } from './problems.ts';
import { createProjectFile } from './project-file.ts';
import { type ReadContext, readText, readValue } from './readers.ts';
import type { InputSource } from './source.ts';
import { checkSummary } from './summary.ts';

/** Whose previews are deleted: that of one pull request, or those of all that have been closed. */
export type CleanupTarget = { kind: 'one'; pullRequest: number } | { kind: 'sweep' };

/** The inputs of `preview-cleanup`, checked and typed. */
export interface CleanupInputs {
  storeHash: string;
  accessToken: string;
  /** Origin of the API: `https://api.bigcommerce.com`. */
  apiOrigin: string;
  naming: PreviewNaming;
  target: CleanupTarget;
  /** The GitHub environment that the previews are shown in. */
  environment: string;
  dryRun: boolean;
  /** Without a token the action neither reads nor updates anything on GitHub. */
  github: { token: string | undefined; commentGroup: string | undefined };
}

const PULL_REQUEST = 'pull-request';

/**
 * Reads and checks every input. Nothing is printed or sent; masks are set first of all, so that they hold even when the
 * inputs are wrong.
 *
 * @throws InputError with every problem
 */
export function readCleanupInputs(source: InputSource): { inputs: CleanupInputs; warnings: string[] } {
  maskCredential(ACCESS_TOKEN, source);
  maskGitHubToken(source);

  const problems = new InputProblems();
  const context = { source, problems };
  checkSummary(context);
  const credentials = { ...context, projectFile: createProjectFile(source, source.workspace) };
  const inputs = problems.finish<CleanupInputs>({
    storeHash: readCredential(STORE_HASH, credentials),
    accessToken: readCredential(ACCESS_TOKEN, credentials),
    apiOrigin: readApiOrigin(context),
    naming: readPreviewNaming(context),
    target: readTarget(context),
    environment: readPreviewEnvironment(context),
    dryRun: readValue(context, 'dry-run', parseBoolean, false),
    github: complete<CleanupInputs['github']>({
      token: readGitHubToken(context),
      commentGroup: readCommentGroup(context),
    }),
  });
  return { inputs, warnings: problems.warnings };
}

/** Only GitHub knows whether a pull request is closed, unless the event is about that one. */
function readTarget(context: ReadContext): CleanupTarget | undefined {
  const { source, problems } = context;
  const given = readValue(context, PULL_REQUEST, integerParser(1, MAX_PULL_REQUEST), null);
  if (given === undefined) return undefined;
  const isAsked = given !== null || source.eventPullRequest === undefined;
  if (isAsked && readText(source, 'github-token') === '') {
    const why = given === null ? 'the event that started this run has no pull request' : '`pull-request` is given';
    problems.add({
      input: 'github-token',
      problem: `It is empty, and ${why}: only GitHub knows which pull requests are closed.`,
      remedy: 'Leave it out (the default is `github.token`), or run this on `pull_request` with `types: [closed]`.',
    });
    return undefined;
  }
  const pullRequest = given ?? source.eventPullRequest;
  return pullRequest === undefined ? { kind: 'sweep' } : { kind: 'one', pullRequest };
}

function readPreviewEnvironment(context: ReadContext): string | undefined {
  if (!isNoProduction(context, 'only previews are deleted here')) return undefined;
  const environment = readEnvironment(context);
  return environment === null ? PREVIEW : environment;
}
