import type { DeploymentPayload } from '../deployment-payload.ts';
import type { EndOfRun } from '../domain/github-deployment.ts';
import { countBroken, describeBroken } from '../domain/verification/checks.ts';
import { describeError } from '../errors.ts';
import type { GitHub } from '../github/github.ts';
import { isForbidden } from '../net/errors.ts';
import { type DeployRecord, liveOf } from '../report/deploy-record.ts';
import { formatDuration } from '../report/format.ts';
import { LEFT_UNDONE } from '../report/sections.ts';
import type { BestEffort } from './best-effort.ts';
import {
  closeGitHubDeployment,
  deactivateReplaced,
  findGitHubDeployment,
  openGitHubDeployment,
  readState,
  showVerifying,
} from './github-deployments.ts';
import type { StatusParts } from './options.ts';
import type { GitHubStatusState } from './state.ts';

export interface RemoteEnd {
  isOpen: boolean;
  isUncertain: boolean;
  deploymentUuid: string | undefined;
  /** Ms since 1970, by this runner's clock; undefined if it has not completed. */
  completedAtMs: number | undefined;
}

/** The GitHub deployment of a run: opened, and closed with its outcome. Never throws. */
export class GitHubDeployment {
  readonly #options: StatusParts;
  readonly #bestEffort: BestEffort;
  readonly #save: (change: Partial<GitHubStatusState>) => void;
  #id: number | undefined;
  #opened: DeploymentPayload | undefined;
  /** Pull requests of the deployments that this one has replaced. */
  #replacedPullRequests: readonly number[] = [];

  constructor(options: StatusParts, bestEffort: BestEffort, save: (change: Partial<GitHubStatusState>) => void) {
    this.#options = options;
    this.#bestEffort = bestEffort;
    this.#save = save;
    this.#id = options.resumed?.githubDeploymentId;
    this.#opened = options.resumed?.payload;
  }

  get replacedPullRequests(): readonly number[] {
    return this.#replacedPullRequests;
  }

  async open(github: GitHub, payload: DeploymentPayload, signal: AbortSignal): Promise<void> {
    this.#opened = payload;
    this.#save({ payload });
    await this.#bestEffort.attemptEarly(signal, () => this.#make(github, payload));
  }

  /** For those who look at it meanwhile: a failure is a line in the log, and decides nothing. */
  async showVerifying(github: GitHub, signal: AbortSignal): Promise<void> {
    const { run, runUrl: logUrl } = this.#options;
    if (this.#id === undefined || this.#bestEffort.isGivenUp) return;
    try {
      await showVerifying(github, { id: this.#id, environmentUrl: this.#environmentUrl(), logUrl });
    } catch (error) {
      const why = signal.aborted ? 'There was no time for it.' : describeError(error);
      run.info(`The GitHub deployment could not be shown as being verified. ${why}`);
    }
  }

  /** @returns whether nothing is left to do: it is closed, or GitHub refuses it permanently */
  async close(github: GitHub, remote: RemoteEnd, signal: AbortSignal): Promise<boolean> {
    if (this.#options.resumed?.isDeploymentClosed === true) return true;
    const isSettled = await this.#bestEffort.attempt(signal, () => this.#close(github, remote));
    return isSettled ?? this.#bestEffort.isGivenUp;
  }

  async #make(github: GitHub, payload: DeploymentPayload | undefined): Promise<void> {
    const { target, runUrl: logUrl } = this.#options;
    const { sha, environment, isProduction } = target;
    if (sha === undefined || payload === undefined) return;
    const isTransient = target.isPreview && !isProduction;
    const request = { sha, environment, isProduction, isTransient, payload, logUrl };
    try {
      await openGitHubDeployment(github, request, (id) => this.#known(id));
    } catch (error) {
      if (this.#id === undefined || isForbidden(error)) throw error;
      // It exists, without its first status: the last one matters more.
      this.#options.run.info(describeError(error));
    }
  }

  /** @returns false if it may appear a moment later: its creation was interrupted */
  async #close(github: GitHub, remote: RemoteEnd): Promise<boolean> {
    const { known, resumed, target } = this.#options;
    const record = known();
    const { outcome } = record;
    const live = liveOf(record);
    if (this.#id === undefined) await this.#findLost(github);
    // It could not be created at the beginning; later runs look for its payload.
    const isMissing = this.#id === undefined && this.#opened !== undefined;
    if (isMissing && (outcome !== 'cancelled' || live !== 'as-before')) await this.#make(github, this.#opened);
    if (this.#id === undefined) return !isMissing || target.sha === undefined || resumed !== undefined;
    // It may be closed already: an answer was lost, or a later run has replaced it.
    const state = resumed === undefined ? undefined : await readState(github, this.#id);
    if (state === undefined || state === 'in_progress') await this.#setEnd(github, this.#id, remote);
    const isChanged = live === 'this' || live === 'restored';
    if (isChanged && state !== 'inactive') await this.#deactivateReplaced(github, this.#id, remote);
    return true;
  }

  #known(id: number): void {
    const { target, run } = this.#options;
    this.#id = id;
    this.#save({ githubDeploymentId: id });
    run.emit({ type: 'github-deployment-created', id });
    run.info(`GitHub deployment ${id} in the environment ${target.environment}`);
  }

  /** The run was interrupted during its creation: it may exist nevertheless, and would stay open forever. */
  async #findLost(github: GitHub): Promise<void> {
    const { target, event } = this.#options;
    const { environment, sha, pullRequest } = target;
    const projectUuid = this.#projectUuid();
    if (sha === undefined || projectUuid === '') return;
    const run = { runId: event.runId, runAttempt: event.runAttempt, projectUuid, pullRequest };
    const found = await findGitHubDeployment(github, { environment, sha }, run);
    if (found !== undefined) this.#known(found);
  }

  /** '' if the run did not get as far as a GitHub deployment. */
  #projectUuid(): string {
    return this.#opened?.projectUuid ?? this.#options.resumed?.projectUuid ?? '';
  }

  async #setEnd(github: GitHub, id: number, remote: RemoteEnd): Promise<void> {
    const { known, run, runUrl: logUrl } = this.#options;
    const record = known();
    const { outcome, failure, durationMs } = record;
    if (outcome === 'dry-run' || outcome === 'skipped') return;
    const end = {
      ...remote,
      outcome,
      live: liveOf(record),
      doubt: doubtOf(record),
      restored: restoredOf(record),
      title: failure?.title,
      duration: formatDuration(durationMs),
    };
    const state = await closeGitHubDeployment(github, { id, end, environmentUrl: this.#environmentUrl(), logUrl });
    run.info(`GitHub deployment ${id}: ${state}`);
  }

  /** An address that the redactor has changed leads nowhere. */
  #environmentUrl(): string | undefined {
    const [url] = this.#options.known().urls;
    return url?.includes('***') === true ? undefined : url;
  }

  async #deactivateReplaced(github: GitHub, id: number, { completedAtMs = Date.now() }: RemoteEnd): Promise<void> {
    const { target, inputs, known } = this.#options;
    const { environment, isProduction, pullRequest } = target;
    const preview = inputs.preview === false ? undefined : inputs.preview;
    const { sourceDeploymentId } = this.#opened ?? {};
    const slot = { projectUuid: this.#projectUuid(), pullRequest, preview, sourceDeploymentId };
    // A shared preview may have belonged to an older pull request.
    const notBefore = isProduction || preview === 'shared' ? undefined : await this.#pullRequestCreatedAt(github);
    const isLate = this.#options.resumed !== undefined;
    this.#replacedPullRequests = await deactivateReplaced(github, {
      id,
      environment,
      slot,
      completedAtMs,
      isLate,
      notBefore,
      keepsSuccesses: known().outcome !== 'deployed',
    });
  }

  /** Only saves requests: if it can't be read, the search takes longer. */
  async #pullRequestCreatedAt(github: GitHub): Promise<string | undefined> {
    const { pullRequest, pullRequestCreatedAt } = this.#options.target;
    if (pullRequestCreatedAt !== undefined || pullRequest === undefined) return pullRequestCreatedAt;
    try {
      return (await github.readPullRequest(pullRequest)).createdAt;
    } catch (error) {
      this.#options.run.debug(`When the pull request was made could not be read: ${error}`);
      return undefined;
    }
  }
}

/** GitHub takes 140 characters: the platform's deployment, which comes last, has to fit in. */
const MAX_DOUBT_CHARS = 55;

/** What is wrong with what was deployed, as the end of "Live, but …". */
function doubtOf({ outcome, verification, failure }: DeployRecord): string | undefined {
  if (verification?.state === 'unhealthy') {
    const words = describeBroken(verification);
    return words.length > MAX_DOUBT_CHARS ? countBroken(verification) : words;
  }
  if (outcome === 'deployed' && failure !== undefined) return LEFT_UNDONE;
  if (outcome !== 'cancelled') return verification?.state === 'inconclusive' ? 'not known to work' : undefined;
  return verification?.state === 'healthy' ? 'not a success' : 'not verified';
}

function restoredOf({ restored }: DeployRecord): EndOfRun['restored'] {
  if (restored === undefined) return undefined;
  const { commit, githubDeployment, verification } = restored;
  return {
    sha: commit.sha,
    githubDeploymentId: githubDeployment.id,
    isBroken: verification?.state === 'unhealthy',
  };
}
