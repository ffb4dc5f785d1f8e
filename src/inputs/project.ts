import { type CredentialContext, PROJECT_UUID, readCredential } from './credentials.ts';
import { parseBoolean, parseNewProjectName } from './parsers.ts';
import { acceptParsed, readText, readValue } from './readers.ts';

/** Where to find the project: by UUID, or by its exact name. */
export type ProjectReference =
  | { kind: 'uuid'; uuid: string }
  | { kind: 'name'; name: string; createIfMissing: boolean };

/** The project, by name or by UUID. An explicit name wins over a UUID that merely stands in the environment or file. */
export function readProject(context: CredentialContext): ProjectReference | undefined {
  const { source, problems } = context;
  const name = readText(source, 'project-name');
  const uuidIsInput = readText(source, PROJECT_UUID.input) !== '';
  const createIfMissing = readValue(context, 'create-project', parseBoolean, false);
  if (createIfMissing === true && name === '') {
    problems.add({
      input: 'create-project',
      problem: 'It is true, but there is no `project-name`.',
      remedy: 'Give `project-name`, or leave `create-project` out.',
    });
  }
  if (name !== '' && uuidIsInput) {
    problems.add({
      input: 'project-name',
      problem: 'It is given together with `project-uuid`.',
      remedy: 'Give one of the two.',
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
