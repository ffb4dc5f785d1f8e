import * as z from 'zod/mini';
import { deploymentPayload, renderPayload } from '../deployment-payload.ts';
import type { Bundle } from '../domain/bundle.ts';
import { SHOWN_OUTCOMES } from '../domain/github-deployment.ts';
import { REMOTE_STAGES, type RemoteState } from '../domain/remote-state.ts';
import { limitChars } from '../report/format.ts';
import { mapped, orUndefined, parseStored } from '../schema.ts';
import { statusTarget } from './target.ts';
import { createBareVerifiedState, verifiedState } from './verified-state.ts';

const text = orUndefined(z.string());
const number = orUndefined(z.number());
/** Only `true` sets it. */
const flag = z.catch(z._default(z.boolean(), false), false);

const bundleSize = z.object({ sizeBytes: z.number(), files: z.number() });

const failure = z.object({
  title: z.string(),
  message: z.string(),
  fix: text,
  isRequest: orUndefined(z.boolean()),
  effect: text,
  help: orUndefined(z.object({ words: z.string(), url: z.optional(z.string()) })),
});

const runEnd = z.object({
  outcome: z.enum(SHOWN_OUTCOMES),
  durationMs: z.number(),
  failure: z.optional(failure),
  /** Deployments of the platform that the run created, the last one last. */
  deployments: z.readonly(
    z.array(
      z.object({
        uuid: z.string(),
        failure: z.optional(z.object({ code: text, meaning: z.string() })),
        isRollback: z.optional(z.boolean()),
      }),
    ),
  ),
  /** Undefined if the platform was never called. */
  correlationId: text,
});

/** What a run has opened on GitHub and has to close: handed to the `post` step in case this process does not get to it. */
const state = z.object({
  /** '' until it is known. */
  projectUuid: z.string(),
  projectName: text,
  /** The project as the user named it, which identifies the comment. */
  projectKey: text,
  target: orUndefined(statusTarget),
  bundle: orUndefined(bundleSize),
  /** Production's bundle, for the comparison. */
  baseline: orUndefined(z.object({ sizeBytes: z.number(), sha: z.string() })),
  artifactUrl: text,
  /** Of the GitHub deployment, which may remain to be created. */
  payload: orUndefined(deploymentPayload),
  githubDeploymentId: number,
  commentId: number,
  /** Time of what the comment shows, from the last attempt to write it: ms since 1970, by GitHub's clock. */
  shownAtMs: number,
  remote: z.object({ stage: z.enum(REMOTE_STAGES), deploymentUuid: text }),
  /** Addresses of the storefront, once it is deployed. */
  urls: mapped(z.catch(z.array(z.unknown()), []), (urls): readonly string[] =>
    urls.filter((url) => typeof url === 'string'),
  ),
  /** When the run began, and when the platform had completed its deployment: ms since 1970, by the runner's clock. */
  startedAtMs: number,
  completedAtMs: number,
  /** Whether what was deployed works; undefined while nothing is known of it. */
  verified: orUndefined(verifiedState),
  /** How the run ended; undefined while that is unknown. */
  end: orUndefined(runEnd),
  /** Its outcome, summary and annotation are written. */
  isReported: flag,
  isDeploymentClosed: flag,
  isCommentClosed: flag,
  /** The other pull requests of a shared preview show who has it. */
  areOthersNotified: flag,
  /** Nothing is left to do. */
  isClosed: flag,
  /** What was warned of already. */
  warned: z.readonly(z.catch(z.array(z.string()), [])),
});

export type GitHubStatusState = z.infer<typeof state>;
export type BundleSize = z.infer<typeof bundleSize>;
export type RunEnd = z.infer<typeof runEnd>;

/** Nothing is shown yet. */
export function createOpenState(
  { uuid, name }: { uuid: string; name: string | undefined },
  { stage, deploymentUuid }: RemoteState,
): GitHubStatusState {
  return state.parse({ projectUuid: uuid, projectName: name, remote: { stage, deploymentUuid } });
}

export function sizeOf({ sizeBytes, files }: Pick<Bundle, 'sizeBytes' | 'files'>): BundleSize {
  return { sizeBytes, files: files.length };
}

/** The state is passed in one environment variable, which Windows limits to 32,767 characters. */
const MAX_STATE_CHARS = 30_000;
const MAX_TEXT_CHARS = 3000;
const MAX_BARE_CHARS = 300;
const MAX_ADDRESSES = 5;
const MAX_DEPLOYMENTS = 10;

/** What is stored of the end; `message` says all that `details` would. */
export function createRunEnd(end: RunEnd): RunEnd {
  const { failure } = end;
  const deployments = end.deployments.slice(-MAX_DEPLOYMENTS);
  if (failure === undefined) return { ...end, deployments };
  const [title = '', message = ''] = [failure.title, failure.message].map((text) => limitChars(text, MAX_TEXT_CHARS));
  const fix = failure.fix === undefined ? undefined : limitChars(failure.fix, MAX_TEXT_CHARS);
  const { isRequest, effect, help } = failure;
  return { ...end, deployments, failure: { title, message, fix, isRequest, effect, help } };
}

/** As JSON; if that is too long, without what only people read. */
export function renderState(state: GitHubStatusState): string {
  const { urls, end, payload, verified } = state;
  const stored = { ...state, payload: payload && renderPayload(payload) };
  const json = JSON.stringify({ ...stored, urls: urls.slice(0, MAX_ADDRESSES) });
  if (json.length <= MAX_STATE_CHARS) return json;
  const bare = { end: end && createBareEnd(end), verified: verified && createBareVerifiedState(verified) };
  return JSON.stringify({ ...stored, urls: [], projectName: undefined, ...bare });
}

function createBareEnd({ failure, deployments, ...end }: RunEnd): RunEnd {
  const [last] = deployments.slice(-1).map(({ uuid }) => ({ uuid }));
  const bare = { ...end, deployments: last === undefined ? [] : [last] };
  if (failure === undefined) return { ...bare, failure };
  const [title = '', message = ''] = [failure.title, failure.message].map((text) => limitChars(text, MAX_BARE_CHARS));
  const { effect } = failure;
  return { ...bare, failure: { title, message, fix: undefined, effect } };
}

/** Undefined if there is none, or none that is valid: then there is nothing to close. */
export function parseState(json: string): GitHubStatusState | undefined {
  return parseStored(state, json);
}
