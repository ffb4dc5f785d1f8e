import type { DeploymentPayload } from '../../domain/announcement.ts';
import type { GitHub } from '../../github/github.ts';
import { formatDuration } from '../../report/format.ts';
import {
  closeGitHubDeployment,
  deactivateReplaced,
  findGitHubDeployment,
  openGitHubDeployment,
} from './github-deployments.ts';
import type { AnnouncerOptions } from './options.ts';
import type { AnnouncementState } from './state.ts';
import type { Surface } from './surface.ts';

export interface RemoteEnd {
  isOpen: boolean;
  isUncertain: boolean;
  deploymentUuid: string | undefined;
}

/** The GitHub deployment of a run: opened, and closed with what became of it. Never throws. */
export class DeploymentAnnouncement {
  readonly #options: AnnouncerOptions;
  readonly #surface: Surface;
  readonly #save: (change: Partial<AnnouncementState>) => void;
  #id: number | undefined;
  #opened: DeploymentPayload | undefined;

  constructor(options: AnnouncerOptions, surface: Surface, save: (change: Partial<AnnouncementState>) => void) {
    this.#options = options;
    this.#surface = surface;
    this.#save = save;
    this.#id = options.resumed?.githubDeploymentId;
  }

  async open(github: GitHub, payload: DeploymentPayload, signal: AbortSignal): Promise<void> {
    const { target, runUrl: logUrl } = this.#options;
    const { sha, environment, isProduction } = target;
    if (sha === undefined) return;
    this.#opened = payload;
    const isTransient = target.isPreview && !isProduction;
    const request = { sha, environment, isProduction, isTransient, payload, logUrl };
    await this.#surface.attempt(signal, () => openGitHubDeployment(github, request, (id) => this.#known(id)));
  }

  /** @returns whether nothing is left to do: it is closed, or refused for good */
  async close(github: GitHub, remote: RemoteEnd, signal: AbortSignal): Promise<boolean> {
    const { reporter, resumed } = this.#options;
    if (resumed?.isDeploymentClosed === true) return true;
    if (this.#id === undefined && (this.#opened ?? resumed) !== undefined) await this.#findLost(github, signal);
    const isDeployed = reporter.snapshot().outcome === 'deployed';
    if (this.#id === undefined && this.#opened !== undefined && isDeployed) {
      // It could not be made at the beginning; later runs look for its payload.
      await this.open(github, this.#opened, signal);
    }
    // One whose making was cut off may turn up a moment later.
    if (this.#id === undefined) return this.#opened === undefined || this.#surface.isGivenUp;
    if (!(await this.#setEnd(github, this.#id, remote, signal))) return this.#surface.isGivenUp;
    if (isDeployed) await this.#deactivateReplaced(github, this.#id, signal);
    return true;
  }

  #known(id: number): void {
    const { target, reporter } = this.#options;
    this.#id = id;
    this.#save({ githubDeploymentId: id });
    reporter.githubDeploymentCreated(id);
    reporter.info(`GitHub deployment ${id} in the environment ${target.environment}`);
  }

  /** The run was cut off while it was made: it may be there all the same, and would stay open for ever. */
  async #findLost(github: GitHub, signal: AbortSignal): Promise<void> {
    const { target, event, resumed } = this.#options;
    const { environment, sha, pullRequest } = target;
    const projectUuid = this.#opened?.projectUuid ?? resumed?.projectUuid;
    if (sha === undefined || projectUuid === undefined) return;
    const run = { runId: event.runId, runAttempt: event.runAttempt, projectUuid, pullRequest };
    const found = await this.#surface.attempt(signal, () => findGitHubDeployment(github, { environment, sha }, run));
    if (found !== undefined) this.#known(found);
  }

  async #setEnd(github: GitHub, id: number, remote: RemoteEnd, signal: AbortSignal): Promise<boolean> {
    const { reporter, runUrl: logUrl } = this.#options;
    const { outcome, failure, durationMs, urls } = reporter.snapshot();
    if (outcome === 'dry-run' || outcome === 'skipped') return true;
    const end = { ...remote, outcome, title: failure?.title, duration: formatDuration(durationMs) };
    // One that the redactor has changed leads nowhere.
    const environmentUrl = urls[0]?.includes('***') === true ? undefined : urls[0];
    const state = await this.#surface.attempt(signal, () =>
      closeGitHubDeployment(github, { id, end, environmentUrl, logUrl }),
    );
    if (state === undefined) return false;
    this.#save({ isDeploymentClosed: true });
    reporter.info(`GitHub deployment ${id}: ${state}`);
    return true;
  }

  async #deactivateReplaced(github: GitHub, id: number, signal: AbortSignal): Promise<void> {
    if (this.#opened === undefined) return;
    const { environment, isProduction, pullRequestCreatedAt } = this.#options.target;
    const notBefore = isProduction ? undefined : pullRequestCreatedAt;
    const replaced = { id, environment, payload: this.#opened, notBefore };
    await this.#surface.attempt(signal, () => deactivateReplaced(github, replaced));
  }
}
