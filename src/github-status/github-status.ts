import type { DeploymentPayload } from '../deployment-payload.ts';
import type { Bundle } from '../domain/bundle.ts';
import { isOpenRemotely } from '../domain/remote-state.ts';
import type { Artifact } from '../github/artifact-store.ts';
import type { GitHub } from '../github/github.ts';
import { timeoutSignal } from '../pause.ts';
import { type DeployEvent, type DeployRecord, liveOf } from '../report/deploy-record.ts';
import type { Occurrence, Sink } from '../report/run-events.ts';
import { type BestEffort, CLOSING_WAIT_MS, createBestEffort } from './best-effort.ts';
import { type BundleArtifact, createBundleArtifact } from './bundle-artifact.ts';
import { createDeploymentComment, type DeploymentComment } from './comment.ts';
import { GitHubDeployment } from './deployment.ts';
import type { GitHubStatusOptions, StatusParts } from './options.ts';
import { createOtherPreviews, type OtherPreviews } from './shared-preview.ts';
import { createOpenState, createRunEnd, type GitHubStatusState, sizeOf } from './state.ts';
import { createVerifiedState } from './verified-state.ts';

/** True even if only an answer was lost: `rollback` searches the run, and other deployments, by SHA-256. */
const NO_ARTIFACT_CONSEQUENCE =
  '`rollback` can bring this deployment back only from an artifact of the same bytes: one that another deployment stored, or one that this run stored after all.';

/** For each thing that is shown before the deployment: a slow GitHub must not delay it. */
const OPENING_MS = 30_000;
const OPENING_WAIT_MS = 10_000;

/** The storefront is verified meanwhile, and the end of the run waits for this. */
const VERIFYING_MS = 5000;

/** Events that change nothing that is shown on GitHub. */
const LOG_EVENTS: ReadonlySet<DeployEvent['type']> = new Set([
  ...(['phase-started', 'phase-status', 'phase-ended', 'info', 'debug', 'warned', 'noticed', 'errored'] as const),
  ...(['api-host-found', 'uploaded', 'finished', 'reported'] as const),
]);

/** Shows a run on GitHub: as a deployment, in a comment on the pull request, with its artifact. Never ends a run. */
export class GitHubStatus implements Sink<DeployEvent, DeployRecord> {
  readonly failing = 'The run could not be shown on GitHub';
  readonly #options: StatusParts;
  readonly #warned: string[];
  readonly #reach: BestEffort;
  readonly #artifact: BundleArtifact;
  readonly #deployment: GitHubDeployment | undefined;
  readonly #comment: DeploymentComment | undefined;
  readonly #others: OtherPreviews | undefined;
  #record: DeployRecord | undefined;
  #state: GitHubStatusState | undefined;
  #isOutOfReach = false;
  /** The status that says that it is being verified: none may come after the one that closes. */
  #showingVerifying: Promise<void> = Promise.resolve();
  /** The closing of the GitHub deployment, where it began before the end was reported. */
  #closingEarly: Promise<boolean | undefined> | undefined;
  /** That of the run, once it is shown. */
  #signal: AbortSignal | undefined;

  constructor(given: GitHubStatusOptions) {
    const options = { ...given, known: () => this.#known() };
    const { inputs, target, projectKey } = options;
    this.#options = options;
    this.#warned = [...(options.resumed?.warned ?? [])];
    this.#reach = this.#bestEffort('Nothing of this run is shown on GitHub.');
    this.#state = options.resumed;
    const storing = this.#bestEffort('The bundle was not stored as an artifact.', () => NO_ARTIFACT_CONSEQUENCE);
    this.#artifact = createBundleArtifact(options, storing, (state) => this.#save(state));
    if (inputs.githubDeployment) {
      const failing = 'The GitHub deployment could not be made or updated.';
      const bestEffort = this.#bestEffort(failing, () => this.#consequenceForRollback());
      this.#deployment = new GitHubDeployment(options, bestEffort, (state) => this.#save(state));
    }
    if (inputs.comment && target.pullRequest !== undefined && projectKey !== undefined) {
      const bestEffort = this.#bestEffort(`The comment on pull request #${target.pullRequest} could not be written.`);
      const key = { pullRequest: target.pullRequest, projectKey };
      this.#comment = createDeploymentComment(options, key, bestEffort, (state) => this.#save(state));
      if (inputs.preview === 'shared') {
        const failing = 'Other pull requests may not know who has the shared preview.';
        this.#others = createOtherPreviews(options, target.pullRequest, this.#bestEffort(failing));
      }
    }
  }

  receive(occurrence: Occurrence<DeployEvent, DeployRecord>): void | Promise<void> {
    if (!LOG_EVENTS.has(occurrence.type)) this.#record = occurrence.record;
    switch (occurrence.type) {
      case 'deployed':
        return this.#remoteChanged(occurrence.event.atMs);
      case 'creating':
      case 'not-created':
      case 'created':
      case 'failed':
        return this.#remoteChanged();
      case 'verifying':
        return this.#verifying();
      case 'verified':
      case 'rehearsed':
      case 'restored':
        return this.#keepVerified();
      case 'ending':
        return this.#beginClosing();
      case 'ended':
      case 'replayed':
        return this.#close();
      case 'reported':
        if (this.#state !== undefined) this.#save({ isReported: true });
    }
  }

  /** Shows that a deployment begins, and stores its bundle. @throws the signal's reason */
  async open(bundle: Bundle, projectUuid: string, signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    const storesArtifact = this.#storesArtifact();
    if (!storesArtifact && this.#deployment === undefined && this.#comment === undefined) return;
    const project = { uuid: projectUuid, name: this.#known().project.name };
    this.#save({ projectUuid: project.uuid, projectName: project.name, bundle: sizeOf(bundle) });
    await this.#options.run.phase('Show on GitHub', async (phase) => {
      await this.#completeTarget(signal);
      const openDeployment = async () => {
        const artifact = storesArtifact ? await this.#artifact.store(bundle, project, signal) : undefined;
        if (signal.aborted) return;
        const payload = this.#payload(bundle, project, artifact);
        await this.#opening(signal, async (github, time) => await this.#deployment?.open(github, payload, time));
      };
      const beginComment = this.#opening(signal, async (github, time) => await this.#comment?.begin(github, time));
      await Promise.all([openDeployment(), beginComment]);
      signal.throwIfAborted();
      const { artifact } = this.#known();
      phase.result(this.#shownText(artifact === undefined ? [] : [`artifact ${artifact.id}`]));
    });
  }

  #remoteChanged(completedAtMs?: number): void {
    const { remote, urls } = this.#known();
    if (this.#state === undefined || this.#state.remote.stage === remote.stage) return;
    // A deployment that brings the last good bundle back may not complete: this run's own one stays live then.
    this.#save({ remote, urls, ...(completedAtMs !== undefined && { completedAtMs }) });
    if (this.#known().restored !== undefined) this.#keepVerified();
  }

  /** What the `post` step has to know of the verification, whenever this process is killed. */
  #keepVerified(): void {
    if (this.#state !== undefined) this.#save({ verified: createVerifiedState(this.#known()) });
  }

  /** Not awaited: GitHub must not delay the verification. Once, and never for the build that is brought back. */
  #verifying(): void {
    this.#keepVerified();
    if (this.#signal === undefined || this.#deployment === undefined || this.#known().restored !== undefined) return;
    const time = AbortSignal.any([this.#signal, timeoutSignal(VERIFYING_MS)]);
    this.#showingVerifying = this.#connect(time, VERIFYING_MS).then(async (github) => {
      if (github !== undefined) await this.#deployment?.showVerifying(github, time);
    });
  }

  async #close(): Promise<void> {
    if (!this.#keepEnd()) return;
    const { outcome } = this.#known();
    const signal = this.#options.reportSignal;
    await Promise.all([this.#artifact.storeLate(outcome, signal), this.#isShown ? this.#update(signal) : undefined]);
  }

  /** What the report names is still being made, which must not keep the GitHub deployment open. */
  #beginClosing(): void {
    if (!this.#keepEnd() || this.#deployment === undefined) return;
    const signal = this.#options.reportSignal;
    this.#closingEarly = this.#connect(signal, CLOSING_WAIT_MS).then(async (github) =>
      github === undefined ? false : await this.#closeDeployment(github, signal),
    );
  }

  async #closeDeployment(github: GitHub, signal: AbortSignal): Promise<boolean | undefined> {
    await this.#showingVerifying;
    const { remote } = this.#known();
    const { stage, deploymentUuid } = remote;
    const completedAtMs = this.#state?.completedAtMs;
    const remoteEnd = {
      isOpen: isOpenRemotely(remote),
      isUncertain: stage === 'creating',
      deploymentUuid,
      completedAtMs,
    };
    return await this.#deployment?.close(github, remoteEnd, signal);
  }

  get #isShown(): boolean {
    return this.#deployment !== undefined || this.#comment !== undefined;
  }

  /** Keeps for the `post` step how the run ended. @returns whether there is something to close */
  #keepEnd(): boolean {
    const { outcome, durationMs, failure, deployments, networkUsed, correlationId } = this.#known();
    if (outcome === 'dry-run' || outcome === 'skipped') return false;
    const isOpened = this.#state !== undefined;
    // A run that was cancelled before it began changes nothing that is shown already.
    if (!isOpened && (outcome === 'cancelled' || this.#comment === undefined)) return false;
    const known = { outcome, durationMs, failure, deployments };
    const end = createRunEnd({ ...known, correlationId: networkUsed ? correlationId : undefined });
    this.#save({ end, isClosed: !this.#isShown, verified: createVerifiedState(this.#known()) });
    return true;
  }

  /** Shows how the run ended, wherever it is shown. */
  async #update(signal: AbortSignal): Promise<void> {
    await this.#options.run.phase('Update GitHub', async (phase) => {
      await this.#showingVerifying;
      const github = await this.#connect(signal, CLOSING_WAIT_MS);
      if (github === undefined) {
        // A `post` step could not reach it, either.
        if (this.#isOutOfReach) this.#save({ isClosed: true });
        return phase.result('nothing shown');
      }
      const [isDeploymentClosed = true, isCommentClosed = true] = await Promise.all([
        this.#closingEarly ?? this.#closeDeployment(github, signal),
        this.#comment?.end(github, this.#state?.completedAtMs, signal),
      ]);
      this.#save({ isDeploymentClosed, isCommentClosed });
      const areOthersNotified = await this.#notifyOthers(github, signal);
      const isClosed = isDeploymentClosed && isCommentClosed && areOthersNotified;
      this.#save({ areOthersNotified, isClosed });
      phase.result(isClosed ? this.#shownText() : this.#unsettled(signal));
    });
  }

  /** A deployment that is live takes a shared preview from others, whether it works or not. */
  async #notifyOthers(github: GitHub, signal: AbortSignal): Promise<boolean> {
    const isLive = liveOf(this.#known()) === 'this';
    if (this.#others === undefined || !isLive || this.#state?.areOthersNotified === true) return true;
    const losers = this.#deployment?.replacedPullRequests ?? [];
    return await this.#others.notify(
      github,
      { completedAtMs: this.#state?.completedAtMs ?? Date.now(), losers },
      signal,
    );
  }

  /** The `post` step closes what remains open; after it, nobody does. */
  #unsettled({ aborted }: AbortSignal): string {
    const { resumed, run } = this.#options;
    const what = aborted ? 'ran out of time' : 'not all could be updated';
    if (resumed === undefined) return `${what}: this action's post step tries again`;
    if (aborted)
      run.warn(
        'What GitHub shows of this run may be out of date: it did not answer in time.',
        'GitHub may be out of date',
      );
    return what;
  }

  /** Shows one thing before the deployment, within a time limit of its own. */
  async #opening<T>(
    signal: AbortSignal,
    work: (github: GitHub, time: AbortSignal) => Promise<T>,
  ): Promise<T | undefined> {
    const time = AbortSignal.any([signal, timeoutSignal(OPENING_MS)]);
    const github = await this.#connect(time, OPENING_WAIT_MS);
    return github === undefined ? undefined : await work(github, time);
  }

  /** Undefined, with a warning, if no client can be made: a proxy setting, or the event's file, is not usable. */
  async #connect(signal: AbortSignal, longestWaitMs: number): Promise<GitHub | undefined> {
    if (this.#isOutOfReach) return undefined;
    const github = await this.#reach.attempt(signal, () => this.#options.connect(signal, longestWaitMs));
    if (github === undefined && !signal.aborted) this.#isOutOfReach = true;
    return github;
  }

  /**
   * Asks for the pull request's head if neither the event nor an input gives it. Only before the deployment: at its end
   * the head may be another one.
   */
  async #completeTarget(signal: AbortSignal): Promise<void> {
    const { target, inputs, run, commitUrlOf } = this.#options;
    const { pullRequest } = target;
    if (pullRequest === undefined || target.sha !== undefined) return;
    const lost = inputs.githubDeployment ? ', so there is no GitHub deployment (`sha` would name the commit)' : '';
    const bestEffort = this.#bestEffort(`Which commit pull request #${pullRequest} is at could not be asked${lost}.`);
    const read = async (github: GitHub, time: AbortSignal) =>
      await bestEffort.attempt(time, () => github.readPullRequest(pullRequest));
    const found = await this.#opening(signal, read);
    if (found === undefined) return;
    target.pullRequestCreatedAt = found.createdAt;
    target.sha = found.headSha;
    const commit = { sha: found.headSha, url: commitUrlOf(found.headSha), origin: `#${pullRequest}` };
    run.emit({ type: 'commit-found', commit });
  }

  #storesArtifact(): boolean {
    const { inputs, target } = this.#options;
    return inputs.uploadArtifact === 'auto' ? target.isProduction : inputs.uploadArtifact;
  }

  #payload(
    bundle: Bundle,
    project: { uuid: string; name: string | undefined },
    artifact: Artifact | undefined,
  ): DeploymentPayload {
    const { event, target, workingDirectory, inputs, sourceDeploymentId } = this.#options;
    return {
      bundleBytes: bundle.sizeBytes,
      bundleFiles: bundle.files.length,
      bundleSha256: bundle.sha256,
      artifactId: artifact?.id,
      artifactName: artifact?.name,
      runId: event.runId,
      runAttempt: event.runAttempt,
      projectUuid: project.uuid,
      projectName: project.name,
      pullRequest: target.pullRequest,
      workingDirectory,
      preview: inputs.preview === false ? undefined : inputs.preview,
      sourceDeploymentId,
    };
  }

  /** A rollback reads GitHub deployments; nobody rolls back a preview. */
  #consequenceForRollback(): string | undefined {
    const { target } = this.#options;
    const hasEnded = this.#state?.end !== undefined;
    const mayBeLive = !hasEnded || ['this', 'unknown'].includes(liveOf(this.#known()));
    if (!mayBeLive || (target.isPreview && !target.isProduction)) return undefined;
    const { artifact } = this.#known();
    const named =
      artifact === undefined ? '' : ` The bundle can be named there with \`from-artifact: ${artifact.id}\`.`;
    return `Until it is, \`rollback\` assumes that the deployment before this one is live.${named}`;
  }

  #bestEffort(failing: string, consequence?: () => string | undefined): BestEffort {
    const { run } = this.#options;
    return createBestEffort({
      failing,
      ...(consequence === undefined ? {} : { consequence }),
      isWarned: this.#warned.includes(failing),
      logger: {
        warn: (message, title) => {
          run.warn(message, title);
          this.#warned.push(failing);
        },
        info: (line) => run.info(line),
        debug: (text) => run.debug(text),
      },
    });
  }

  /** In a few words, for the last line of the phase. */
  #shownText(also: readonly string[] = []): string {
    const { githubDeploymentId, commentId } = this.#state ?? {};
    const shown = [
      githubDeploymentId === undefined ? undefined : `GitHub deployment ${githubDeploymentId}`,
      commentId === undefined ? undefined : `comment ${commentId}`,
      ...also,
    ].filter((part) => part !== undefined);
    return shown.length === 0 ? 'nothing shown' : shown.join(', ');
  }

  #save(change: Partial<GitHubStatusState>): void {
    const { startedAt, remote } = this.#known();
    const base = this.#state ?? createOpenState({ uuid: '', name: undefined }, remote);
    const { target, projectKey } = this.#options;
    const startedAtMs = base.startedAtMs ?? startedAt.getTime();
    this.#state = { ...base, startedAtMs, ...change, target, projectKey, warned: this.#warned };
    this.#options.save(this.#state);
  }

  #known(): DeployRecord {
    if (this.#record === undefined) throw new Error('Bug: nothing has happened yet.');
    return this.#record;
  }
}
