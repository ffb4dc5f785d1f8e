import { dirname, relative, resolve, sep } from 'node:path';
import { readApiOrigin } from './api-host.ts';
import { type BundleSource, readBundleSource } from './bundle-source.ts';
import { ACCESS_TOKEN, maskCredential, readCredential, STORE_HASH } from './credentials.ts';
import { type FlowInputs, readDryRun, readFlowInputs } from './flow.ts';
import { type GitHubInputs, maskGitHubToken, readGitHubInputs, readShownInputs } from './github.ts';
import { readWorkingDirectory } from './paths.ts';
import { InputProblems } from './problems.ts';
import { type ProjectReference, readProject } from './project.ts';
import { createProjectFile } from './project-file.ts';
import { readText } from './readers.ts';
import type { InputSource } from './source.ts';
import { maskSecretValues } from './variables.ts';

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
}

export interface DeployInputsResult {
  inputs: DeployInputs;
  /** For the job log; they name inputs and keys, never values. */
  warnings: string[];
}

/**
 * Reads and checks every input of the deploy action. Nothing is printed or sent; masks are set first of all, so that
 * they hold even when the inputs are wrong.
 *
 * @throws InputError with every problem
 */
export function readDeployInputs(source: InputSource): DeployInputsResult {
  maskSecrets(source);

  const problems = new InputProblems();
  const context = { source, problems };
  const workingDirectory = readWorkingDirectory(context);
  const credentials = { ...context, projectFile: createProjectFile(source, workingDirectory) };
  const inputs = problems.finish<DeployInputs>({
    storeHash: readCredential(STORE_HASH, credentials),
    accessToken: readCredential(ACCESS_TOKEN, credentials),
    project: readProject(credentials),
    workingDirectory,
    source: readBundleSource(context, workingDirectory),
    ...readFlowInputs(context),
    apiOrigin: readApiOrigin(context),
    github: readGitHubInputs(context),
  });
  return { inputs, warnings: problems.warnings };
}

/** Call this before anything else. */
export function maskSecrets(source: InputSource): void {
  maskCredential(ACCESS_TOKEN, source);
  maskGitHubToken(source);
  maskSecretValues(source);
}

/** What is shown on GitHub, read even where other inputs are wrong. */
export interface GitHubStatusInputs {
  github: GitHubInputs;
  /** Undefined: not given, or wrong. */
  project: ProjectReference | undefined;
  /** Of the storefront, relative to the workspace, with `/`; `.` for the workspace itself. */
  workingDirectory: string;
  dryRun: boolean;
}

/**
 * The inputs that say what is shown on GitHub, read separately: a run that fails for another input must still show
 * that. Reports no problems; undefined when one of just these is wrong.
 */
export function readGitHubStatusInputs(source: InputSource): GitHubStatusInputs | undefined {
  maskSecrets(source);
  const context = { source, problems: new InputProblems() };
  const github = readShownInputs(context);
  const dryRun = readDryRun(context);
  if (github === undefined || dryRun === undefined) return undefined;
  const workingDirectory = readWorkingDirectory(context);
  const credentials = { ...context, projectFile: createProjectFile(source, workingDirectory) };
  return {
    github,
    dryRun,
    project: readProject(credentials),
    workingDirectory: relative(source.workspace, workingDirectory ?? source.workspace).replaceAll(sep, '/') || '.',
  };
}

/** The storefront's folder, and the one that holds the build or the bundle; absolute. Reports no problems. */
export function readBundleFolders(source: InputSource): { workingDirectory: string; built: string } {
  const context = { source, problems: new InputProblems() };
  const workingDirectory = readWorkingDirectory(context) ?? source.workspace;
  const bundle = readText(source, 'bundle');
  const built = bundle === '' ? readText(source, 'directory') : dirname(bundle);
  return { workingDirectory, built: resolve(workingDirectory, built) };
}
