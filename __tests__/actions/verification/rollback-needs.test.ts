/** Whether a rollback will find a bundle, going by how the run is set. */
import { expect, test } from '@jest/globals';
import {
  noBundlesReason,
  rollbackNeedsWarning,
  type Surroundings,
} from '../../../src/actions/verification/rollback-needs.ts';
import type { GitHubInputs } from '../../../src/inputs/github.ts';
import type { VerificationInputs } from '../../../src/inputs/verification.ts';

const ROLLBACK: VerificationInputs = {
  paths: [{ path: '/' }],
  headers: {},
  timeoutMs: 1000,
  onFailure: 'rollback',
  logs: 'off',
  rehearsal: undefined,
};
const WHERE: Surroundings = {
  isOnGitHub: true,
  isEnterpriseServer: false,
  environment: 'production',
  isProduction: true,
};
const PREVIEW: Surroundings = { ...WHERE, environment: 'preview', isProduction: false };
type Shown = Pick<GitHubInputs, 'token' | 'githubDeployment' | 'uploadArtifact'>;
const SHOWN: Shown = { token: 'ghs_token', githubDeployment: true, uploadArtifact: 'auto' };

test.each<[string, Partial<Shown>, Surroundings]>([
  ['production', {}, WHERE],
  ['a preview whose bundle is stored', { uploadArtifact: true }, PREVIEW],
])('%s has bundles to go back to', (_, shown, where) => {
  expect(rollbackNeedsWarning(ROLLBACK, { ...SHOWN, ...shown }, where)).toBeUndefined();
});

test.each<[string, Partial<Shown>, Surroundings, RegExp]>([
  ['outside of GitHub Actions', {}, { ...WHERE, isOnGitHub: false }, /not a GitHub Actions run/],
  ['on GitHub Enterprise Server', {}, { ...WHERE, isEnterpriseServer: true }, /do not exist on GitHub Enterprise/],
  ['without a token', { token: undefined }, WHERE, /`github-token` is empty/],
  ['without GitHub Deployments', { githubDeployment: false }, WHERE, /`github-deployment: false` there are none/],
  ['without artifacts', { uploadArtifact: false }, WHERE, /`upload-artifact: false` no bundle is stored/],
  ['a preview, unless it is said', {}, PREVIEW, /`preview` are stored only with `upload-artifact: true`/],
])('%s there is a warning, where a rollback is wished for', (_, given, where, reason) => {
  const shown = { ...SHOWN, ...given };
  expect(rollbackNeedsWarning(ROLLBACK, shown, where)).toMatch(reason);
  expect(rollbackNeedsWarning({ ...ROLLBACK, onFailure: 'fail' }, shown, where)).toBeUndefined();
  expect(rollbackNeedsWarning('off', shown, where)).toBeUndefined();
});

test('what this run stores is no reason not to look for what others have stored', () => {
  const shown = { ...SHOWN, githubDeployment: false, uploadArtifact: false };
  expect(noBundlesReason(shown, PREVIEW)).toBeUndefined();
});
