import { PREVIEW, PRODUCTION } from '../domain/github-deployment.ts';
import { readCredential, STORE_HASH } from './credentials.ts';
import { maskSecrets } from './deploy.ts';
import { parseEnvironment, readGitHubInputs } from './github.ts';
import { maskText } from './masks.ts';
import { readWorkingDirectory } from './paths.ts';
import { previewKindOf } from './preview.ts';
import { InputProblems } from './problems.ts';
import { readProject } from './project.ts';
import { createProjectFile } from './project-file.ts';
import { readText } from './readers.ts';
import { readTargetProject } from './rollback.ts';
import type { InputSource } from './source.ts';

/** What the inputs say a run is for. What is wrong or not given is left out: its reader reports that later. */
export interface StatedHeader {
  storeHash?: string | undefined;
  /** Name of the project, or its UUID. */
  project?: string | undefined;
  environment?: string | undefined;
}

export type HeaderAction =
  | 'deploy'
  | 'rollback'
  | 'preview-gate'
  | 'preview-cleanup'
  | 'redirects'
  | 'logs'
  | 'batch-upload';

/** Store hashes have about 10 characters. Something longer is a value in the wrong input, perhaps the token. */
const MAX_SHOWN_HASH_CHARACTERS = 20;

/** Of the actions that name no environment where none is given. */
const ENVIRONMENTS: { readonly [A in HeaderAction]?: string } = {
  rollback: PRODUCTION,
  'preview-gate': PREVIEW,
  'preview-cleanup': PREVIEW,
};

/** Masks every secret that an input of any action may hold, since this is read first of all. Reports no problems. */
export function readStatedHeader(action: HeaderAction, source: InputSource): StatedHeader {
  maskSecrets(source);
  maskText(source, readText(source, 'api-token'));
  return {
    storeHash: isOfAStore(action) ? readStoreHash(source) : undefined,
    project: readProjectWords(action, source),
    environment: readEnvironmentName(source) ?? ENVIRONMENTS[action],
  };
}

/** What decides, with the event, what a deployment is for; undefined if something is wrong with it. */
export function readStatedTarget(source: InputSource) {
  return readGitHubInputs({ source, problems: new InputProblems() }).shown;
}

function isOfAStore(action: HeaderAction): boolean {
  return action !== 'preview-gate' && action !== 'batch-upload';
}

function createContext(source: InputSource) {
  const context = { source, problems: new InputProblems() };
  return { ...context, projectFile: createProjectFile(source, readWorkingDirectory(context)) };
}

function readStoreHash(source: InputSource): string | undefined {
  const hash = readCredential(STORE_HASH, createContext(source));
  return hash !== undefined && hash.length <= MAX_SHOWN_HASH_CHARACTERS ? hash : undefined;
}

function readProjectWords(action: HeaderAction, source: InputSource): string | undefined {
  const project = readProjectOf(action, source);
  if (project === undefined || project.kind === 'default') return undefined;
  return project.kind === 'name' ? project.name : project.uuid;
}

function readProjectOf(action: HeaderAction, source: InputSource) {
  const context = createContext(source);
  if (action === 'deploy') return readProject(context, previewKindOf(source));
  if (action === 'logs') return readProject(context, false);
  return action === 'rollback' ? readTargetProject(context) : undefined;
}

function readEnvironmentName(source: InputSource): string | undefined {
  const text = readText(source, 'environment');
  return text !== '' && parseEnvironment(text).ok ? text : undefined;
}
