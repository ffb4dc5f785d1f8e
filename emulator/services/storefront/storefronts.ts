import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceContext } from '../../service.ts';
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
import type { ServedBuild } from './served-build.ts';
import { startBuild, WorkerStartError } from './served-build.ts';
import { parseTail } from './tail.ts';
import { unpackWorker } from './worker-files.ts';

export interface StorefrontParts {
  context: ServiceContext;
  projects: Projects;
  logs: WorkerLogs;
  behavior: ServeBehavior;
  note: (note: string) => void;
}

const DOMAIN = '.localhost';
/** The platform's code for build output that cannot run. */
const BAD_BUILD = 40;
/** A former build gets so long for the requests that it still answers. */
const DRAIN_MS = 10_000;

/** The storefronts that are served: one build for each project, and others on their way in and out. */
export class Storefronts {
  readonly denied: DeniedRequest[] = [];
  readonly #parts: StorefrontParts;
  readonly #labels: Labels;
  readonly #serving = new Map<string, ServedBuild>();
  /** All that were started and have not ended. */
  readonly #builds = new Set<ServedBuild>();
  /** The switch of a project that is still to come. */
  readonly #switches = new Map<string, AbortController>();
  readonly #closing = new AbortController();
  readonly #listener = new StorefrontListener((host) => this.#findBuild(host));
  #miniflare: MiniflareModule | undefined;
  #port = 0;

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

  /** Starts the build, and switches to it now or as late as was asked for. Throws `DeploymentFailure`. */
  async deploy(deployment: DeploymentRecord, bundlePath: string, signal: AbortSignal): Promise<void> {
    const { projectUuid } = deployment;
    const { delayMs, oldForMs } = this.#parts.behavior;
    const build = await this.#start(deployment, bundlePath);
    const isDeleted = this.#parts.projects.find(projectUuid) === undefined;
    if (signal.aborted || this.#closing.signal.aborted || isDeleted) {
      await this.#end(build);
      signal.throwIfAborted();
      return;
    }
    this.#switches.get(projectUuid)?.abort();
    const waitMs = Math.max(delayMs, this.#serving.has(projectUuid) ? oldForMs : 0);
    if (waitMs === 0) this.#switchTo(projectUuid, build);
    else void this.#switchLater(projectUuid, build, waitMs);
  }

  /** Ends the builds of a project that is deleted, those of earlier and later deployments as well. */
  async remove(projectUuid: string): Promise<void> {
    this.#switches.get(projectUuid)?.abort();
    this.#switches.delete(projectUuid);
    this.#serving.delete(projectUuid);
    const builds = [...this.#builds].filter((build) => build.projectUuid === projectUuid);
    await Promise.all(builds.map((build) => this.#end(build)));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#listener.close();
    await Promise.all([...this.#builds].map((build) => this.#end(build)));
  }

  async #start(deployment: DeploymentRecord, bundlePath: string): Promise<ServedBuild> {
    const { context, behavior } = this.#parts;
    const { projectUuid, deploymentUuid } = deployment;
    if (this.#miniflare === undefined) throw new Error('Storefronts are not open.');
    const root = await mkdtemp(join(context.directory, 'storefront-'));
    const files = await unpackWorker(bundlePath, root, behavior.broken);
    try {
      const build = await startBuild(this.#miniflare, {
        projectUuid,
        deploymentUuid,
        files,
        variables: Object.fromEntries(deployment.environmentVariables.map(({ key, value }) => [key, value])),
        sendOut: (request) => this.#sendOut(projectUuid, request),
        onTail: (items) => {
          for (const log of parseTail(items)) this.#parts.logs.add(projectUuid, log);
        },
      });
      this.#builds.add(build);
      return build;
    } catch (error) {
      if (!(error instanceof WorkerStartError)) throw error;
      throw new DeploymentFailure(BAD_BUILD, `the worker cannot start: ${error.message}`, { cause: error });
    }
  }

  async #switchLater(projectUuid: string, build: ServedBuild, waitMs: number): Promise<void> {
    const controller = new AbortController();
    this.#switches.set(projectUuid, controller);
    const signal = AbortSignal.any([controller.signal, this.#closing.signal]);
    try {
      await sleep(waitMs, undefined, { signal });
      this.#switches.delete(projectUuid);
      this.#switchTo(projectUuid, build);
    } catch {
      // A later build came first, or the platform closes.
      await this.#end(build);
    }
  }

  #switchTo(projectUuid: string, build: ServedBuild): void {
    const former = this.#serving.get(projectUuid);
    this.#serving.set(projectUuid, build);
    if (former !== undefined) void this.#endWhenIdle(former);
  }

  async #endWhenIdle(build: ServedBuild): Promise<void> {
    const untilMs = Date.now() + DRAIN_MS;
    while (build.open.size > 0 && Date.now() < untilMs && !this.#closing.signal.aborted) {
      await sleep(50, undefined, { signal: this.#closing.signal }).catch(() => {});
    }
    await this.#end(build);
  }

  async #end(build: ServedBuild): Promise<void> {
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
