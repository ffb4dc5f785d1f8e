import type { PreviewKind } from '../domain/preview-name.ts';
import { createPreviewName } from '../domain/preview-name.ts';
import { type CredentialContext, PROJECT_UUID, readCredential } from './credentials.ts';
import { parseBoolean, parseNewProjectName } from './parsers.ts';
import { pullRequestOf, readPreviewNaming, warnOfUnusedBase } from './preview.ts';
import { PROJECT_FILE } from './project-file.ts';
import { acceptParsed, readText, readValue } from './readers.ts';
import type { InputSource } from './source.ts';

/** Where to find the project: by UUID, or by its exact name. */
export type ProjectReference =
  | { kind: 'uuid'; uuid: string }
  | { kind: 'name'; name: string; createIfMissing: boolean };

const CREATE_PROJECT = 'create-project';

/** Whether a project that is named and missing is made. A wrong value, which is reported elsewhere, is none. */
export function isProjectCreated(source: InputSource): boolean {
  const parsed = parseBoolean(readText(source, CREATE_PROJECT));
  return parsed.ok && parsed.value;
}

/**
 * The project: a preview's, or the one that is named.
 * @param preview undefined if it is wrong, which is reported elsewhere
 * @returns undefined when something is wrong, which is then in `problems`
 */
export function readProject(
  context: CredentialContext,
  preview: PreviewKind | false | undefined,
): ProjectReference | undefined {
  if (preview === undefined) return undefined;
  if (preview === 'isolated') return readIsolatedProject(context);
  warnOfUnusedBase(context);
  return preview === false || isProjectNamed(context) ? readNamedProject(context) : undefined;
}

/** The pull request's own project. */
function readIsolatedProject(context: CredentialContext): ProjectReference | undefined {
  const { source, problems } = context;
  for (const input of ['project-uuid', 'project-name']) {
    if (readText(source, input) === '') continue;
    problems.add({
      input,
      problem: 'It is given together with `preview: isolated`, which gives each pull request a project of its own.',
      remedy: 'Give only one of the two.',
    });
  }
  const naming = readPreviewNaming(context);
  const pullRequest = pullRequestOf(source);
  if (naming === undefined || pullRequest === undefined) return undefined;
  return { kind: 'name', name: createPreviewName(naming, pullRequest), createIfMissing: true };
}

/** A preview never uses a project that only the environment or a file names: that one is likely production's. */
function isProjectNamed({ source, problems }: CredentialContext): boolean {
  if (readText(source, PROJECT_UUID.input) !== '' || readText(source, 'project-name') !== '') return true;
  problems.add({
    input: 'preview',
    problem: 'It is "shared", and no input names the project that the pull requests share.',
    remedy: `Give \`project-uuid\` or \`project-name\`. ${PROJECT_UUID.variable} and ${PROJECT_FILE} are not applied here: they may name production's.`,
  });
  return false;
}

/** The project, by name or by UUID. An explicit name wins over a UUID from the environment or the file. */
function readNamedProject(context: CredentialContext): ProjectReference | undefined {
  const { source, problems } = context;
  const name = readText(source, 'project-name');
  const uuidIsInput = readText(source, PROJECT_UUID.input) !== '';
  const createIfMissing = readValue(context, CREATE_PROJECT, parseBoolean, false);
  // It also makes the project of a rehearsal.
  if (createIfMissing === true && name === '' && readText(source, 'rehearsal-project') === '') {
    problems.add({
      input: CREATE_PROJECT,
      problem: 'It is true, but there is no `project-name`.',
      remedy: 'Give `project-name`, or leave `create-project` out.',
    });
  }
  if (name !== '' && uuidIsInput) {
    problems.add({
      input: 'project-name',
      problem: 'It is given together with `project-uuid`.',
      remedy: 'Give only one of the two.',
    });
  }
  if (name === '' || uuidIsInput) {
    const uuid = readCredential(PROJECT_UUID, context);
    if (name === '') return uuid === undefined ? undefined : { kind: 'uuid', uuid };
  }
  if (createIfMissing === undefined) return undefined;
  if (
    createIfMissing &&
    acceptParsed(problems, 'project-name', parseNewProjectName(name), { text: name }) === undefined
  )
    return undefined;
  return { kind: 'name', name, createIfMissing };
}
