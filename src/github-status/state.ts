import * as z from 'zod/mini';
import type { Bundle } from '../domain/bundle.ts';
import {
  type DeploymentPayload,
  limitChars,
  PREVIEW_KINDS,
  SHOWN_OUTCOMES,
  type ShownOutcome,
} from '../domain/github-deployment.ts';
import { REMOTE_STAGES, type RemoteStage, type RemoteState } from '../domain/remote-state.ts';
import { mapped, orUndefined, parseStored } from '../schema.ts';
import type { StatusTarget } from './target.ts';

/** What a run has opened on GitHub and has to close: handed to the `post` step, should this process not get to it. */
export interface GitHubStatusState {
  /** '' while it is not known. */
  projectUuid: string;
  projectName: string | undefined;
  /** The project as the user named it, by which the comment is found. */
  projectKey: string | undefined;
  target: StatusTarget | undefined;
  bundle: BundleSize | undefined;
  /** Production's bundle, for the comparison. */
  baseline: { sizeBytes: number; sha: string } | undefined;
  artifactUrl: string | undefined;
  /** Of the GitHub deployment, which may have to be made yet. */
  payload: DeploymentPayload | undefined;
  githubDeploymentId: number | undefined;
  commentId: number | undefined;
  /** When what the comment tells came to pass, by the last attempt to write it: ms since 1970, by GitHub's clock. */
  toldAtMs: number | undefined;
  remote: { stage: RemoteStage; deploymentUuid: string | undefined };
  /** Addresses of the storefront, once it is deployed. */
  urls: readonly string[];
  /** When the run began, and when the platform had completed its deployment: ms since 1970, by the runner's clock. */
  startedAtMs: number | undefined;
  completedAtMs: number | undefined;
  /** How the run ended; undefined while nobody knows. */
  end: RunEnd | undefined;
  /** Its outcome, summary and annotation are written. */
  isReported: boolean;
  isDeploymentClosed: boolean;
  isCommentClosed: boolean;
  /** The other pull requests of a shared preview know who has it. */
  isOthersTold: boolean;
  /** Nothing is left to do. */
  isClosed: boolean;
  /** What was warned of: once is enough. */
  warned: readonly string[];
}

export interface BundleSize {
  sizeBytes: number;
  files: number;
}

export function sizeOf({ sizeBytes, files }: Pick<Bundle, 'sizeBytes' | 'files'>): BundleSize {
  return { sizeBytes, files: files.length };
}

export interface RunEnd {
  outcome: ShownOutcome;
  durationMs: number;
  failure: { title: string; message: string; fix: string | undefined } | undefined;
  /** Deployments of the platform that the run created, the last one last. */
  deployments: readonly { uuid: string; failure?: { code: string | undefined; meaning: string } }[];
  /** Undefined where the platform was never asked. */
  correlationId: string | undefined;
}

/** The state travels in one variable of the environment, of which Windows takes 32,767 characters. */
const MAX_STATE_CHARS = 30_000;
const MAX_TEXT_CHARS = 3000;
const MAX_BARE_CHARS = 300;
const MAX_ADDRESSES = 5;
const MAX_DEPLOYMENTS = 10;

export function createOpenState(
  project: { uuid: string; name: string | undefined },
  { stage, deploymentUuid }: RemoteState,
): GitHubStatusState {
  return {
    projectUuid: project.uuid,
    projectName: project.name,
    projectKey: undefined,
    target: undefined,
    bundle: undefined,
    baseline: undefined,
    artifactUrl: undefined,
    payload: undefined,
    githubDeploymentId: undefined,
    commentId: undefined,
    toldAtMs: undefined,
    remote: { stage, deploymentUuid },
    urls: [],
    startedAtMs: undefined,
    completedAtMs: undefined,
    end: undefined,
    isReported: false,
    isDeploymentClosed: false,
    isCommentClosed: false,
    isOthersTold: false,
    isClosed: false,
    warned: [],
  };
}

/** What is kept of the end; `message` says all that `details` would. */
export function createRunEnd(end: RunEnd): RunEnd {
  const { failure } = end;
  const deployments = end.deployments.slice(-MAX_DEPLOYMENTS);
  if (failure === undefined) return { ...end, deployments };
  const [title = '', message = ''] = [failure.title, failure.message].map((text) => limitChars(text, MAX_TEXT_CHARS));
  const fix = failure.fix === undefined ? undefined : limitChars(failure.fix, MAX_TEXT_CHARS);
  return { ...end, deployments, failure: { title, message, fix } };
}

/** As JSON; where that is too long, without what is only to be read. */
export function renderState(state: GitHubStatusState): string {
  const { urls, end } = state;
  const json = JSON.stringify({ ...state, urls: urls.slice(0, MAX_ADDRESSES) });
  if (json.length <= MAX_STATE_CHARS) return json;
  return JSON.stringify({ ...state, urls: [], projectName: undefined, end: end && createBareEnd(end) });
}

function createBareEnd({ failure, deployments, ...end }: RunEnd): RunEnd {
  const [last] = deployments.slice(-1).map(({ uuid }) => ({ uuid }));
  const kept = { ...end, deployments: last === undefined ? [] : [last] };
  if (failure === undefined) return { ...kept, failure };
  const [title = '', message = ''] = [failure.title, failure.message].map((text) => limitChars(text, MAX_BARE_CHARS));
  return { ...kept, failure: { title, message, fix: undefined } };
}

const text = orUndefined(z.string());
const number = orUndefined(z.number());
/** Only `true` says so. */
const flag = mapped(z.unknown(), (value) => value === true);

const payload = orUndefined(
  z.object({
    bundleBytes: z.number(),
    bundleFiles: z.number(),
    bundleSha256: z.string(),
    artifactId: number,
    artifactName: text,
    runId: z.string(),
    runAttempt: z.string(),
    projectUuid: z.string(),
    projectName: text,
    pullRequest: number,
    workingDirectory: z.string(),
    preview: orUndefined(z.enum(PREVIEW_KINDS)),
    sourceDeploymentId: number,
  }),
);

const state: z.ZodMiniType<GitHubStatusState> = mapped(
  z.object({
    projectUuid: z.string(),
    projectName: text,
    projectKey: text,
    target: orUndefined(
      z.object({
        environment: z.string(),
        isProduction: z.boolean(),
        isPreview: z.boolean(),
        pullRequest: number,
        pullRequestCreatedAt: text,
        sha: text,
        origin: text,
      }),
    ),
    bundle: orUndefined(z.object({ sizeBytes: z.number(), files: z.number() })),
    baseline: orUndefined(z.object({ sizeBytes: z.number(), sha: z.string() })),
    artifactUrl: text,
    payload,
    githubDeploymentId: number,
    commentId: number,
    toldAtMs: number,
    remote: z.object({ stage: z.enum(REMOTE_STAGES), deploymentUuid: text }),
    urls: mapped(z.catch(z.array(z.unknown()), []), (urls) => urls.filter((url) => typeof url === 'string')),
    startedAtMs: number,
    completedAtMs: number,
    end: orUndefined(
      z.object({
        outcome: z.enum(SHOWN_OUTCOMES),
        durationMs: z.number(),
        failure: z.optional(z.object({ title: z.string(), message: z.string(), fix: text })),
        deployments: z.array(
          z.object({ uuid: z.string(), failure: z.optional(z.object({ code: text, meaning: z.string() })) }),
        ),
        correlationId: text,
      }),
    ),
    isReported: flag,
    isDeploymentClosed: flag,
    isCommentClosed: flag,
    isOthersTold: flag,
    isClosed: flag,
    warned: z.catch(z.array(z.string()), []),
  }),
  (found) => found as GitHubStatusState,
);

/** Undefined when there is none, or none that is understood: then there is nothing to close. */
export function parseState(json: string): GitHubStatusState | undefined {
  return parseStored(state, json);
}
