import { PRODUCTION } from '../domain/github-deployment.ts';
import { readApiOrigin } from './api-host.ts';
import { ACCESS_TOKEN, PROJECT_UUID, readCredential, STORE_HASH } from './credentials.ts';
import { type GitHubInputs, maskSecrets, type ProjectReference } from './deploy.ts';
import { type DiagnosticsInput, readDiagnostics } from './diagnostics.ts';
import { type FlowInputs, readFlowInputs } from './flow.ts';
import { readGitHubInputs } from './github.ts';
import { integerParser, MAX_PULL_REQUEST, type Parser, parseUuid } from './parsers.ts';
import { InputProblems } from './problems.ts';
import { createProjectFile } from './project-file.ts';
import { acceptParsed, type ReadContext, readText } from './readers.ts';
import type { InputSource } from './source.ts';
import { checkSummary } from './summary.ts';

/** Where the bundle comes from: what was live before, or what an input names. */
export type BundleOrigin =
  | { kind: 'previous' }
  | { kind: 'deployment' | 'run' | 'artifact' | 'pull-request'; id: number };

/** `default`: that of the replaced deployment. */
export type TargetProject = ProjectReference | { kind: 'default' };

/** The rollback action's inputs, checked and typed. */
export interface RollbackInputs extends FlowInputs {
  storeHash: string;
  accessToken: string;
  project: TargetProject;
  from: BundleOrigin;
  /** Origin of the API: `https://api.bigcommerce.com`. */
  apiOrigin: string;
  environment: string;
  token: string;
  github: GitHubInputs;
  diagnostics: DiagnosticsInput;
}

const parseId = integerParser(1, Number.MAX_SAFE_INTEGER);

const FROM_INPUTS = [
  { input: 'from-deployment', kind: 'deployment', parse: parseId },
  { input: 'from-run', kind: 'run', parse: parseId },
  { input: 'from-artifact', kind: 'artifact', parse: parseId },
  { input: 'from-pull-request', kind: 'pull-request', parse: integerParser(1, MAX_PULL_REQUEST) },
] as const satisfies readonly { input: string; kind: BundleOrigin['kind']; parse: Parser<number> }[];

/**
 * Reads and checks every input of the rollback action. Nothing is printed or sent; masks are set first of all, so that
 * they hold even when the inputs are wrong.
 *
 * @throws InputError with every problem
 */
export function readRollbackInputs(source: InputSource): { inputs: RollbackInputs; warnings: string[] } {
  maskSecrets(source);
  const problems = new InputProblems();
  const context = { source, problems };
  checkSummary(context);
  const credentials = { ...context, projectFile: createProjectFile(source, source.workspace) };
  const { inputs: github } = readGitHubInputs(context);
  const inputs = problems.finish<RollbackInputs>({
    storeHash: readCredential(STORE_HASH, credentials),
    accessToken: readCredential(ACCESS_TOKEN, credentials),
    project: readTargetProject(context),
    from: readOrigin(context),
    ...readFlowInputs(context, false),
    apiOrigin: readApiOrigin(context),
    environment: github === undefined ? undefined : (github.environment ?? PRODUCTION),
    token: readToken(context, github),
    // The source's pull request does not matter: what goes live is not its preview.
    github: github === undefined ? undefined : { ...github, comment: false, pullRequest: undefined },
    diagnostics: readDiagnostics(context),
  });
  return { inputs, warnings: problems.warnings };
}

function readToken({ problems }: ReadContext, github: GitHubInputs | undefined): string | undefined {
  if (github !== undefined && github.token === undefined) {
    problems.add({
      input: 'github-token',
      problem: 'It is empty, and only GitHub knows what was deployed before and which artifact has it.',
      remedy: 'Leave the input out: the default is `github.token`.',
    });
  }
  return github?.token;
}

/** Only what the step names: a UUID from the environment may belong to another storefront. */
export function readTargetProject({ source, problems }: ReadContext): TargetProject | undefined {
  const [uuid, name] = [readText(source, PROJECT_UUID.input), readText(source, 'project-name')];
  if (uuid !== '' && name !== '') {
    problems.add({
      input: 'project-name',
      problem: 'It is given together with `project-uuid`.',
      remedy: 'Give only one of the two.',
    });
  }
  if (uuid === '') return name === '' ? { kind: 'default' } : { kind: 'name', name, createIfMissing: false };
  const parsed = acceptParsed(problems, PROJECT_UUID.input, parseUuid(uuid), { text: uuid });
  return parsed === undefined ? undefined : { kind: 'uuid', uuid: parsed };
}

function readOrigin({ source, problems }: ReadContext): BundleOrigin | undefined {
  const given = FROM_INPUTS.filter(({ input }) => readText(source, input) !== '');
  if (given.length === 0) return { kind: 'previous' };
  if (given.length > 1) {
    const names = given.map(({ input }) => `\`${input}\``).join(', ');
    problems.add({
      input: given[0]?.input ?? '',
      problem: `Of ${names} only one can say which bundle is meant.`,
      remedy: 'Give one of them.',
    });
  }
  const [origin] = given.map(({ input, kind, parse }) => {
    const text = readText(source, input);
    const id = acceptParsed(problems, input, parse(text), { text });
    return id === undefined ? undefined : { kind, id };
  });
  return origin;
}
