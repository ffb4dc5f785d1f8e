import { maskText } from './masks.ts';
import { type Parser, parseAccessToken, parseStoreHash, parseUuid } from './parsers.ts';
import { readWorkingDirectory } from './paths.ts';
import { InputProblems } from './problems.ts';
import { createProjectFile, PROJECT_FILE, type ProjectFile, type ProjectFileField } from './project-file.ts';
import { acceptParsed, type Finding, type ReadContext, readEnv, readText } from './readers.ts';
import type { InputSource } from './source.ts';

/** Something that has three sources: an input, an environment variable, and a field of the project file. */
export interface Credential {
  input: string;
  variable: string;
  field: ProjectFileField;
  /** Never shown in a message. */
  secret: boolean;
  parse: Parser<string>;
  /** Added to the message when it is missing in all three sources. */
  advice?: string;
}

export const STORE_HASH: Credential = {
  input: 'store-hash',
  variable: 'CATALYST_STORE_HASH',
  field: 'storeHash',
  secret: false,
  parse: parseStoreHash,
};

export const ACCESS_TOKEN: Credential = {
  input: 'access-token',
  variable: 'CATALYST_ACCESS_TOKEN',
  field: 'accessToken',
  secret: true,
  parse: parseAccessToken,
  advice: 'A GitHub secret that does not exist arrives empty, and so does every one in a run for a fork or Dependabot.',
};

export const PROJECT_UUID: Credential = {
  input: 'project-uuid',
  variable: 'CATALYST_PROJECT_UUID',
  field: 'projectUuid',
  secret: false,
  parse: parseUuid,
  advice: 'Or give the input `project-name`.',
};

export interface CredentialContext extends ReadContext {
  projectFile: ProjectFile;
}

/** What a source holds: nothing (undefined), a value, or a reason why it cannot be read. */
type Resolution = { kind: 'value'; text: string; finding: Finding } | { kind: 'problem'; problem: string } | undefined;

type Resolver = (credential: Credential, context: CredentialContext) => Resolution;

/** In order of precedence; a later one is not read when an earlier one has a value, even a bad one. */
const RESOLVERS: readonly Resolver[] = [
  ({ input, secret }, { source }) => found(readText(source, input), secret ? 'hidden' : 'shown'),
  ({ variable, secret }, { source }) =>
    found(readEnv(source, variable), secret ? 'hidden' : 'shown', `${variable} of the environment`),
  ({ field }, { projectFile }) => {
    const result = projectFile.field(field);
    if (!result.ok) return { kind: 'problem', problem: `${PROJECT_FILE} ${result.problem}.` };
    return found(result.text, 'hidden', `\`${field}\` of ${PROJECT_FILE}`);
  },
];

/** A checked credential from the first source that has one; else undefined, and a problem. */
export function readCredential(credential: Credential, context: CredentialContext): string | undefined {
  const { input, parse } = credential;
  for (const resolve of RESOLVERS) {
    const resolution = resolve(credential, context);
    if (resolution === undefined) continue;
    if (resolution.kind === 'value') {
      return acceptParsed(context.problems, input, parse(resolution.text), resolution.finding);
    }
    context.problems.add({
      input,
      problem: `It is not given, and ${resolution.problem}`,
      remedy: renderSources(credential),
    });
    return undefined;
  }
  const advice = credential.advice === undefined ? '' : ` ${credential.advice}`;
  context.problems.add({ input, problem: 'It is missing.', remedy: `${renderSources(credential)}${advice}` });
  return undefined;
}

/** Whether any source has a value for it, good or bad. */
export function isGiven(credential: Credential, context: CredentialContext): boolean {
  return RESOLVERS.some((resolve) => resolve(credential, context)?.kind === 'value');
}

/**
 * Whether an access token is given, valid or not, for a run that may skip before its inputs are read. Masks only that of
 * the project file, and reports nothing.
 */
export function hasAccessToken(source: InputSource): boolean {
  const context = { source, problems: new InputProblems() };
  const projectFile = createProjectFile(source, readWorkingDirectory(context));
  return isGiven(ACCESS_TOKEN, { ...context, projectFile });
}

/**
 * Masks a secret credential in every source, used or not. Call this before anything else; the project file's is
 * masked when that file is read.
 */
export function maskCredential({ input, variable }: Credential, source: InputSource): void {
  maskText(source, readText(source, input));
  maskText(source, readEnv(source, variable));
}

function found(text: string, display: 'shown' | 'hidden', origin?: string): Resolution {
  if (text === '') return undefined;
  const finding: Finding = {
    ...(display === 'shown' && { text }),
    ...(origin !== undefined && { origin }),
  };
  return { kind: 'value', text, finding };
}

function renderSources({ input, variable, field }: Credential): string {
  return `Give it as the input \`${input}\`, or as ${variable} in the environment, or as \`${field}\` in ${PROJECT_FILE}.`;
}
