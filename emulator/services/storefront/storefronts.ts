import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceContext } from '../../service.ts';
import { withTimeLimit } from '../../time-limit.ts';
import { Waiters } from '../../waiters.ts';
import { DeploymentFailure } from '../hosting/deployments.ts';
import type { Projects } from '../hosting/projects.ts';
import type { DeploymentRecord, Project } from '../hosting/records.ts';
import type { WorkerLogs } from '../worker-logs/worker-logs.ts';
import { Labels } from './labels.ts';
import { StorefrontListener } from './listener.ts';
import type { MiniflareModule, ServedRequest } from './miniflare.ts';
import { loadMiniflare } from './miniflare.ts';
import type { ServeBehavior } from './options.ts';
import type { DeniedRequest } from './outgoing.ts';
import { answerOutgoing } from './outgoing.ts';
import type { BuildParts, ServedBuild } from './served-build.ts';
import { startBuild, WorkerStartError } from './served-build.ts';
import { parseTail } from './tail.ts';
import { unpackWorker } from './worker-files.ts';

export interface StorefrontParts {
  context: ServiceContext;
  projects: Projects;
  logs: WorkerLogs;
  behavior: ServeBehavior;
  startLimitMs: number;
  note: (note: string) => void;
}

const DOMAIN = '.localhost';
/** The platform's code for build output that cannot run. */
const BAD_BUILD = 40;
/** A former build gets so long for the requests that it still answers. */
const DRAIN_LIMIT = { limitMs: 10_000, reason: 'its requests took too long' };
/** Node treats a longer timer as one of 1 ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The storefronts that are served: one build for each project, and others on their way in and out. */
export class Storefronts {
  readonly denied: DeniedRequest[] = [];
  readonly #parts: StorefrontParts;
  readonly #labels: Labels;
  readonly #serving = new Map<string, ServedBuild>();
  /** All that were started and have not ended. */
  readonly #builds = new Set<ServedBuild>();
  /** Builds that run and are to take over later, each with what gives that up. */
  readonly #waiting = new Map<ServedBuild, AbortController>();
  /** What goes on beside the deployments. */
  readonly #tasks = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  readonly #waiters = new Waiters<ServedBuild>('build that serves');
  readonly #changes = new EventEmitter().setMaxListeners(0);
  readonly #listener = new StorefrontListener((host) => this.#findBuild(host));
  #miniflare: MiniflareModule | undefined;
  #port = 0;
  #deployments = 0;

  constructor(parts: StorefrontParts) {
    this.#parts = parts;
    this.#labels = new Labels(parts.projects);
  }

  /** Throws `MiniflareMissingError`, or where the port is in use. */
  async open(port: number): Promise<void> {
    this.#miniflare = await loadMiniflare();
    // On loopback, where names under .localhost lead, whatever host the platform itself listens on.
    this.#port = await this.#listener.listen('127.0.0.1', port);
  }

  /** `demo-storefront.localhost:8788` */
  nameHost(project: Project): string {
    return `${this.#labels.of(project)}${DOMAIN}:${this.#port}`;
  }

  /** Of the deployment whose build answers at this moment. */
  servedDeployment(projectUuid: string): string | undefined {
    return this.#serving.get(projectUuid)?.deploymentUuid;
  }

  /** Resolves when the build of this deployment answers, or at once where it does. */
  async waitForBuild(deploymentUuid: string): Promise<void> {
    await this.#waiters.waitFor([...this.#serving.values()], (build) => build.deploymentUuid === deploymentUuid);
  }

  /** Changes what is given; a build whose turn has come by that takes over. */
  configure(change: Partial<ServeBehavior>): ServeBehavior {
    Object.assign(this.#parts.behavior, change);
    this.#changes.emit('change');
    return { ...this.#parts.behavior };
  }

  /**
   * What a deployment waits for before it completes: its build runs, and serves unless a former one is to go on for a
   * while. With a delay it waits for nothing. Throws `DeploymentFailure`.
   */
  async deploy(deployment: DeploymentRecord, bundlePath: string, signal: AbortSignal): Promise<void> {
    this.#deployments += 1;
    const order = this.#deployments;
    if (this.#parts.behavior.delayMs > 0) {
      this.#runAside(this.#deployLate(deployment, bundlePath, order));
      return;
    }
    const anySignal = AbortSignal.any([signal, this.#closing.signal]);
    const build = await this.#start(deployment, bundlePath, { order, signal: anySignal });
    if (anySignal.aborted) {
      await this.#end(build);
      signal.throwIfAborted();
    } else if (this.#leftMs(build, Date.now()) <= 0) this.#switchTo(build);
    else this.#runAside(this.#switchLater(build, Date.now()));
  }

  /** Ends the builds of a project that is deleted, those of earlier and later deployments as well. */
  remove(projectUuid: string): void {
    this.#serving.delete(projectUuid);
    for (const build of this.#builds) if (build.projectUuid === projectUuid) this.#runAside(this.#end(build));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#waiters.close();
    await this.#listener.close();
    await Promise.all([...this.#builds].map((build) => this.#end(build)));
    await Promise.all(this.#tasks);
  }

  /** What goes wrong there is only told: nobody waits for it. */
  #runAside(task: Promise<void>): void {
    const done = task
      .catch((error: unknown) => {
        if (!this.#closing.signal.aborted) this.#parts.note(`storefront: ${messageOf(error)}`);
      })
      .finally(() => this.#tasks.delete(done));
    this.#tasks.add(done);
  }

  /** The deployment is completed: a build that cannot start leaves what was there. */
  async #deployLate(deployment: DeploymentRecord, bundlePath: string, order: number): Promise<void> {
    const completedAtMs = Date.now();
    try {
      const build = await this.#start(deployment, bundlePath, { order, signal: this.#closing.signal });
      await this.#switchLater(build, completedAtMs);
    } catch (error) {
      const what = `deployment ${deployment.deploymentUuid} has completed, and its build does not serve`;
      throw new Error(`${what}: ${messageOf(error)}`, { cause: error });
    }
  }

  async #start(
    deployment: DeploymentRecord,
    bundlePath: string,
    turn: Pick<BuildParts, 'order' | 'signal'>,
  ): Promise<ServedBuild> {
    const { context, behavior, startLimitMs } = this.#parts;
    const { projectUuid, deploymentUuid } = deployment;
    if (this.#miniflare === undefined) throw new Error('Storefronts are not open.');
    const root = await mkdtemp(join(context.directory, 'storefront-'));
    try {
      const build = await startBuild(this.#miniflare, {
        ...turn,
        projectUuid,
        deploymentUuid,
        startLimitMs,
        files: await unpackWorker(bundlePath, root, behavior.broken),
        variables: Object.fromEntries(deployment.environmentVariables.map(({ key, value }) => [key, value])),
        sendOut: (request) => this.#sendOut(projectUuid, request),
        onTail: (items) => {
          for (const log of parseTail(items)) this.#parts.logs.add(projectUuid, log);
        },
      });
      this.#builds.add(build);
      return build;
    } catch (error) {
      await rm(root, { recursive: true, force: true });
      if (!(error instanceof WorkerStartError)) throw error;
      throw new DeploymentFailure(BAD_BUILD, `the worker cannot start: ${error.message}`, { cause: error });
    }
  }

  /** Takes over when the time has come, also where that is changed meanwhile. */
  async #switchLater(build: ServedBuild, completedAtMs: number): Promise<void> {
    const givenUp = new AbortController();
    const signal = AbortSignal.any([givenUp.signal, this.#closing.signal]);
    this.#waiting.set(build, givenUp);
    try {
      if (this.#isDeleted(build)) givenUp.abort();
      let leftMs = this.#leftMs(build, completedAtMs);
      while (leftMs > 0 && !signal.aborted) {
        await this.#waitForChange(leftMs, signal);
        leftMs = this.#leftMs(build, completedAtMs);
      }
    } finally {
      this.#waiting.delete(build);
    }
    if (signal.aborted) await this.#end(build);
    else this.#switchTo(build);
  }

  #isDeleted({ projectUuid }: ServedBuild): boolean {
    return this.#parts.projects.find(projectUuid) === undefined;
  }

  /** How long it is until the build may take over. */
  #leftMs({ projectUuid }: ServedBuild, completedAtMs: number): number {
    const { delayMs, oldForMs } = this.#parts.behavior;
    return completedAtMs + Math.max(delayMs, this.#serving.has(projectUuid) ? oldForMs : 0) - Date.now();
  }

  /** Until the time is over, something is changed, or the signal is aborted. */
  async #waitForChange(timeMs: number, signal: AbortSignal): Promise<void> {
    const limit = { limitMs: Math.min(timeMs, LONGEST_TIMER_MS), reason: 'the time is over' };
    await withTimeLimit(limit, [signal], (limited) => once(this.#changes, 'change', { signal: limited })).catch(
      () => {},
    );
  }

  #switchTo(build: ServedBuild): void {
    const { projectUuid, order } = build;
    const former = this.#serving.get(projectUuid);
    const isOvertaken = former !== undefined && former.order > order;
    if (isOvertaken || this.#isDeleted(build)) {
      if (isOvertaken) this.#noteOvertaken(build);
      this.#runAside(this.#end(build));
      return;
    }
    this.#serving.set(projectUuid, build);
    for (const [other, givenUp] of this.#waiting) {
      if (other.projectUuid !== projectUuid || other.order > order) continue;
      this.#noteOvertaken(other);
      givenUp.abort();
    }
    this.#waiters.notify(build);
    if (former !== undefined) this.#runAside(this.#endWhenIdle(former));
  }

  #noteOvertaken({ deploymentUuid }: ServedBuild): void {
    this.#parts.note(`storefront: deployment ${deploymentUuid} never served: the build of a later one came first`);
  }

  async #endWhenIdle(build: ServedBuild): Promise<void> {
    await withTimeLimit(DRAIN_LIMIT, [this.#closing.signal], (signal) => build.open.waitForNone(signal));
    await this.#end(build);
  }

  async #end(build: ServedBuild): Promise<void> {
    this.#waiting.get(build)?.abort();
    await build.dispose();
    this.#builds.delete(build);
  }

  /** @param host without port */
  #findBuild(host: string): ServedBuild | undefined {
    const project = host.endsWith(DOMAIN) ? this.#labels.find(host.slice(0, -DOMAIN.length)) : undefined;
    return project && this.#serving.get(project.uuid);
  }

  #sendOut(projectUuid: string, request: ServedRequest): Promise<object> {
    const { behavior, note } = this.#parts;
    if (this.#miniflare === undefined) throw new Error('Storefronts are not open.');
    return answerOutgoing(request, {
      miniflare: this.#miniflare,
      allow: behavior.allow,
      dispatch: (host, own) =>
        host.endsWith(`:${this.#port}`) ? this.#findBuild(host.replace(/:\d+$/, ''))?.dispatch(own) : undefined,
      onDenied: (host, url) => {
        this.denied.push({ projectUuid, method: request.method, url });
        note(`storefront: denied ${request.method} ${url} (--serve-allow ${host} allows it)`);
      },
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
