/** A store with many projects, and a repository with many pull requests, comments and deployments. */
import { createHash } from 'node:crypto';
import type { Emulator } from '../../emulator/emulator.ts';
import type { Project } from '../../emulator/services/hosting/records.ts';
import { type DeploymentPayload, renderPayload } from '../../src/deployment-payload.ts';
import { createPreviewName, PREVIEW_HASH_CHARS } from '../../src/domain/preview-name.ts';

export const PROJECTS = 300;
export const PULL_REQUESTS = 1000;
export const GITHUB_DEPLOYMENTS = 10_000;
/** One of the pull requests is discussed at length: its comments are more than a few pages. */
export const DISCUSSED = { pullRequest: 7, comments: 500 } as const;
const MINUTE_MS = 60_000;

export interface FullHistory {
  production: Project;
  /** The projects of previews, by pull request. */
  previews: ReadonlyMap<number, Project>;
}

/**
 * Fills an embedded platform that has one project, production's. The lowest numbers are of the oldest pull requests.
 * @param closedPreviews how many of the pull requests with a preview were closed
 */
export function fillHistory(emulator: Emulator, closedPreviews: number): FullHistory {
  const [production] = emulator.projects;
  if (production === undefined) throw new Error('The embedded platform has no project for production.');
  const previews = addProjects(emulator);
  addPullRequests(emulator, [...previews.keys()].slice(-closedPreviews));
  addComments(emulator);
  addGitHubDeployments(emulator, production, previews);
  return { production, previews };
}

/** Half of the store's projects are previews of this repository, those of the newest pull requests. */
function addProjects(emulator: Emulator): ReadonlyMap<number, Project> {
  const { repository } = emulator.github;
  const hash = createHash('sha256').update(`${repository}\nstorefront`).digest('hex').slice(0, PREVIEW_HASH_CHARS);
  const previews = new Map<number, Project>();
  for (let count = emulator.projects.length; count < PROJECTS; count += 1) {
    const number = PULL_REQUESTS - Math.floor(count / 2);
    if (count % 2 === 0) emulator.addProject(`other-${count}`);
    else previews.set(number, emulator.addProject(createPreviewName({ base: 'storefront', hash }, number)));
  }
  return previews;
}

function addPullRequests({ github }: Emulator, closed: readonly number[]): void {
  const nowMs = Date.now();
  for (let number = 1; number <= PULL_REQUESTS; number += 1) {
    const createdAtMs = nowMs - (PULL_REQUESTS - number + 1) * MINUTE_MS;
    const state = closed.includes(number) ? 'closed' : 'open';
    github.addPullRequest({ number, state, createdAtMs });
  }
}

function addComments({ github }: Emulator): void {
  for (let number = 1; number <= PULL_REQUESTS; number += 1) {
    const count = number === DISCUSSED.pullRequest ? DISCUSSED.comments : 3;
    for (let index = 0; index < count; index += 1) {
      github.addComment({ issueNumber: number, body: `Comment ${index} on the change of the header.` });
    }
  }
}

/**
 * Of production, of previews, and those of other tools, in turns; the newest is as old as the newest pull request. The last one
 * of each preview is shown as live.
 */
function addGitHubDeployments({ github }: Emulator, production: Project, previews: ReadonlyMap<number, Project>): void {
  const shown = [...previews];
  const nowMs = Date.now();
  let deployed = 0;
  for (let index = 0; index < GITHUB_DEPLOYMENTS; index += 1) {
    const createdAtMs = nowMs - ((GITHUB_DEPLOYMENTS - index) * PULL_REQUESTS * MINUTE_MS) / GITHUB_DEPLOYMENTS;
    const isLast = index >= GITHUB_DEPLOYMENTS - 2 * shown.length;
    const statuses = ['in_progress', 'success', 'inactive'] as const;
    const common = { createdAtMs, statuses };
    const [pullRequest, project] = shown[deployed % shown.length] ?? [];
    if (index % 10 === 0) github.addDeployment({ ...common, environment: 'preview', payload: { tool: 'another' } });
    else if (index % 3 === 0 || project === undefined) {
      github.addDeployment({ ...common, environment: 'production', payload: payloadOf(production, index) });
    } else {
      deployed += 1;
      const payload = payloadOf(project, index, { pullRequest, preview: 'isolated' });
      github.addDeployment({
        ...{ createdAtMs, environment: 'preview', payload },
        statuses: isLast ? statuses.slice(0, 2) : statuses,
      });
    }
  }
}

/** Deployments to production that have failed since. */
export function addFailures({ github }: Emulator, production: Project, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const payload = payloadOf(production, GITHUB_DEPLOYMENTS + index);
    github.addDeployment({ environment: 'production', payload, statuses: ['in_progress', 'failure'] });
  }
}

/** What a run of the deploy action has left there. */
function payloadOf(project: Project, index: number, change: Partial<DeploymentPayload> = {}): Record<string, unknown> {
  return renderPayload({
    bundleBytes: 500,
    bundleFiles: 2,
    bundleSha256: createHash('sha256').update(`bundle ${index}`).digest('hex'),
    artifactId: undefined,
    artifactName: undefined,
    runId: String(index + 1),
    runAttempt: '1',
    projectUuid: project.uuid,
    projectName: project.name,
    pullRequest: undefined,
    workingDirectory: '.',
    preview: undefined,
    sourceDeploymentId: undefined,
    ...change,
  });
}
