import { dirname, relative, resolve, sep } from 'node:path';
import type { PreviewKind } from '../domain/preview-name.ts';
import { readApiOrigin } from './api-host.ts';
import { type BundleSource, readBundleSource } from './bundle-source.ts';
import { ACCESS_TOKEN, isGiven, maskCredential, readCredential, STORE_HASH } from './credentials.ts';
import { type DiagnosticsInput, readDiagnostics } from './diagnostics.ts';
import { type FlowInputs, readFlowInputs } from './flow.ts';
import { type CheckRunInputs, type GitHubInputs, maskGitHubToken, readGitHubInputs } from './github.ts';
import { readWorkingDirectory } from './paths.ts';
import { previewKindOf, pullRequestOf } from './preview.ts';
import { InputProblems } from './problems.ts';
import { isProjectCreated, type ProjectReference, readProject } from './project.ts';
import { createProjectFile } from './project-file.ts';
import { readPurpose, type StatedPurpose } from './purpose.ts';
import { readText } from './readers.ts';
import { readSiteUrl, type SiteUrlInputs } from './site-url.ts';
import type { InputSource } from './source.ts';
import { checkSummary } from './summary.ts';
import { maskSecretValues } from './variables.ts';
import { maskVerifyHeaders } from './verify-headers.ts';

export type { BundleSource, GitHubInputs, ProjectReference };

/** The deploy action's inputs, checked and typed. */
export interface DeployInputs extends FlowInputs {
  storeHash: string;
  accessToken: string;
  project: ProjectReference;
  /** Absolute. */
  workingDirectory: string;
  source: BundleSource;
  /** Origin of the API: `https://api.bigcommerce.com`. */
  apiOrigin: string;
  github: GitHubInputs;
  siteUrl: SiteUrlInputs | 'off';
  diagnostics: DiagnosticsInput;
}

/** What is shown on GitHub, even if other inputs are wrong. */
export interface GitHubStatusInputs {
  github: GitHubInputs;
  /** Undefined: not given, or wrong. */
  storeHash?: string | undefined;
  /** Undefined: not given, or wrong. */
  project: ProjectReference | undefined;
  /** Of the storefront, relative to the workspace, with `/`; `.` for the workspace itself. */
  workingDirectory: string;
  dryRun: boolean;
}

/** Everything that a deploy run takes from its inputs. What is right is given although something else is wrong. */
export interface DeployReading {
  /** Undefined if any input is wrong: `requireInputs` throws then. */
  inputs: DeployInputs | undefined;
  /** Undefined if one of just these inputs is wrong: a run that fails for another one still shows that. */
  github: GitHubStatusInputs | undefined;
  checkRun: CheckRunInputs;
  purpose: StatedPurpose;
  /** Undefined if something is wrong with it. */
  preview: PreviewKind | false | undefined;
  /** From the input or the event; undefined if there is none, or if it is wrong. */
  pullRequest: number | undefined;
  /** Whether an access token is given, valid or not. */
  hasAccessToken: boolean;
  folders: BundleFolders;
  problems: InputProblems;
}

/** Absolute. If `working-directory` is wrong, it is the workspace. */
export interface BundleFolders {
  /** Of the storefront. */
  workingDirectory: string;
  /** Holds the build or the bundle; it may not exist. */
  built: string;
}

/**
 * Reads every input of the deploy action, once. Nothing is printed, sent or thrown; masks are set first of all, so that
 * they hold even when the inputs are wrong.
 */
export function readDeployRun(source: InputSource): DeployReading {
  maskSecrets(source);

  const problems = new InputProblems();
  const context = { source, problems };
  checkSummary(context);
  const preview = previewKindOf(source);
  const workingDirectory = readWorkingDirectory(context);
  const credentials = { ...context, projectFile: createProjectFile(source, workingDirectory) };
  const store = {
    storeHash: readCredential(STORE_HASH, credentials),
    accessToken: readCredential(ACCESS_TOKEN, credentials),
  };
  const project = readProject(credentials, preview);
  const bundle = readBundleSource(context, workingDirectory);
  const flow = readFlowInputs(context, isProjectCreated(source));
  const apiOrigin = readApiOrigin(context);
  const { inputs: github, shown, checkRun } = readGitHubInputs(context);
  const diagnostics = readDiagnostics(context);
  const { dryRun } = flow;
  const folders = bundleFoldersOf(source, workingDirectory ?? source.workspace);
  const isShownKnown = shown !== undefined && dryRun !== undefined;
  const shownDirectory = relative(source.workspace, folders.workingDirectory).replaceAll(sep, '/') || '.';
  return {
    inputs: problems.accept<DeployInputs>({
      ...store,
      project,
      workingDirectory,
      source: bundle,
      ...flow,
      apiOrigin,
      github,
      siteUrl: readSiteUrl(context),
      diagnostics,
    }),
    github: isShownKnown
      ? { github: shown, storeHash: store.storeHash, project, workingDirectory: shownDirectory, dryRun }
      : undefined,
    checkRun,
    purpose: readPurpose(source),
    preview,
    pullRequest: pullRequestOf(source),
    hasAccessToken: isGiven(ACCESS_TOKEN, credentials),
    folders,
    problems,
  };
}

/** @throws InputError with every problem, and with the warnings */
export function requireInputs({ inputs, problems }: DeployReading): DeployInputs {
  if (inputs === undefined) throw problems.toError();
  return inputs;
}

/** Call this before anything else. */
export function maskSecrets(source: InputSource): void {
  maskCredential(ACCESS_TOKEN, source);
  maskGitHubToken(source);
  maskSecretValues(source);
  maskVerifyHeaders(source);
}

function bundleFoldersOf(source: InputSource, workingDirectory: string): BundleFolders {
  const bundle = readText(source, 'bundle');
  const built = bundle === '' ? readText(source, 'directory') : dirname(bundle);
  return { workingDirectory, built: resolve(workingDirectory, built) };
}
