import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect } from '@jest/globals';
import { InputError, type InputProblem } from '../../src/errors.ts';
import { type DeployInputs, readDeployRun, requireInputs } from '../../src/inputs/deploy.ts';
import type { InputSource } from '../../src/inputs/source.ts';

export const TOKEN = 'tok_0123456789abcdef';
export const UUID = '0f8fad5b-d9cb-469f-a165-70867728950e';
export const OTHER_UUID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';

export const VALID = { 'store-hash': 'abc123', 'access-token': TOKEN, 'project-uuid': UUID };

/** The inputs about GitHub when none is given. */
export const GITHUB_DEFAULTS: DeployInputs['github'] = {
  token: undefined,
  environment: undefined,
  pullRequest: undefined,
  sha: undefined,
  githubDeployment: true,
  comment: true,
  commentGroup: undefined,
  commentFooter: undefined,
  preview: false,
  commandPhrase: undefined,
  checkRunId: undefined,
  uploadArtifact: 'auto',
  artifactName: undefined,
  artifactRetentionDays: undefined,
};

/** How a deployment is verified when no input about it is given. */
export const VERIFICATION_DEFAULTS: DeployInputs['verification'] = {
  paths: [{ path: '/' }],
  headers: {},
  timeoutMs: 60_000,
  onFailure: 'fail',
  logs: 'show',
  rehearsal: undefined,
};

/** Sent unless it is given. */
export const HOSTING = { type: 'plain_text', key: 'CATALYST_HOSTING', value: 'native' } as const;

const workspaces: string[] = [];

afterAll(() => {
  for (const workspace of workspaces) rmSync(workspace, { recursive: true, force: true });
});

/** A new workspace with the given files; removed when the test file ends. */
export function makeWorkspace(files: Record<string, string> = {}): string {
  const workspace = realpathSync.native(mkdtempSync(join(tmpdir(), 'inputs-')));
  workspaces.push(workspace);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, name)), { recursive: true });
    writeFileSync(join(workspace, name), content);
  }
  return workspace;
}

export interface Recorded extends InputSource {
  masks: string[];
  /** Keys that values were masked with. */
  maskedKeys: Map<string, string | undefined>;
}

export interface Given {
  inputs?: Record<string, string>;
  env?: Record<string, string>;
  workspace?: string;
  eventPullRequest?: number;
}

export function makeSource({ inputs = {}, env = {}, workspace = makeWorkspace(), eventPullRequest }: Given): Recorded {
  const masks: string[] = [];
  const maskedKeys = new Map<string, string | undefined>();
  return {
    input: (name) => inputs[name] ?? '',
    env,
    workspace,
    eventPullRequest,
    maskSecret: (value, key) => {
      masks.push(value);
      maskedKeys.set(value, key);
    },
    masks,
    maskedKeys,
  };
}

/** The inputs of a deploy run that goes on, and its warnings. @throws InputError */
export function readDeployInputs(source: InputSource): { inputs: DeployInputs; warnings: string[] } {
  const reading = readDeployRun(source);
  return { inputs: requireInputs(reading), warnings: reading.problems.warnings };
}

/** Reads with valid credentials unless given. */
export function read(inputs: Record<string, string> = {}, given: Omit<Given, 'inputs'> = {}) {
  return readDeployInputs(makeSource({ ...given, inputs: { ...VALID, ...inputs } }));
}

/** Each problem says what is wrong, and what is right, where it says anything of that. */
function checkWords(error: InputError): InputError {
  for (const { problem, remedy, allowed } of error.problems) {
    expect(problem).toMatch(/\S\.$/);
    expect([remedy, allowed]).not.toContain('');
  }
  return error;
}

/** The error of reading that has to fail. */
export function errorOf(source: InputSource): InputError {
  try {
    readDeployInputs(source);
  } catch (error) {
    if (error instanceof InputError) return checkWords(error);
    throw error;
  }
  throw new Error('the inputs were taken');
}

/** The problems of reading with valid credentials unless given. */
export function problemsOf(inputs: Record<string, string>, given: Omit<Given, 'inputs'> = {}): readonly InputProblem[] {
  return errorOf(makeSource({ ...given, inputs: { ...VALID, ...inputs } })).problems;
}

/** The inputs that a reading names in its error; none where it succeeds. */
export function problemInputs(read: () => unknown): string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof InputError) return checkWords(error).problems.map(({ input }) => input);
    throw error;
  }
  return [];
}
