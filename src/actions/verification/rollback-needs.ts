import type { GitHubInputs } from '../../inputs/github.ts';
import type { VerificationInputs } from '../../inputs/verification.ts';

/** Where a run is, as far as it decides whether there are bundles to go back to. */
export interface Surroundings {
  /** A workflow of GitHub started it. */
  isOnGitHub: boolean;
  isEnterpriseServer: boolean;
  environment: string;
  isProduction: boolean;
}

type Shown = Pick<GitHubInputs, 'token' | 'githubDeployment' | 'uploadArtifact'>;

/** Why no earlier bundle can be found at all, and what to do: sentences; undefined if one may be. */
export function noBundlesReason({ token }: Pick<Shown, 'token'>, where: Surroundings): string | undefined {
  if (!where.isOnGitHub) return 'Only GitHub knows what was deployed before, and this is not a GitHub Actions run.';
  if (where.isEnterpriseServer) {
    return 'Artifacts of the kind that holds bundles do not exist on GitHub Enterprise Server.';
  }
  if (token !== undefined) return undefined;
  return 'Only GitHub knows what was deployed before, and `github-token` is empty: leave it out for the default.';
}

/**
 * A warning if `on-verify-failure: rollback` will find nothing to go back to, going by how this run is set; undefined if it
 * is not wished for, or may find something.
 */
export function rollbackNeedsWarning(
  verification: VerificationInputs | 'off',
  shown: Shown,
  where: Surroundings,
): string | undefined {
  if (verification === 'off' || verification.onFailure !== 'rollback') return undefined;
  const reason = noBundlesReason(shown, where) ?? notKeptReason(shown, where);
  return reason && `\`on-verify-failure: rollback\` will not be able to roll back. ${reason}`;
}

/** Earlier runs of the same workflow most likely did what this one does. */
function notKeptReason(
  { githubDeployment, uploadArtifact }: Shown,
  { environment, isProduction }: Surroundings,
): string | undefined {
  if (!githubDeployment) {
    return 'It looks for the last GitHub Deployment that succeeded, and with `github-deployment: false` there are none.';
  }
  if (uploadArtifact === false)
    return 'With `upload-artifact: false` no bundle is stored: leave it out, or set it to `true`.';
  if (uploadArtifact === true || isProduction) return undefined;
  return `Bundles for the environment \`${environment}\` are stored only with \`upload-artifact: true\`: set it.`;
}
