import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DeploymentFault } from './fault-types.ts';
import type {
  BundleLimits,
  DeploymentRecord,
  DeploymentStatus,
  EnvironmentVariable,
  HoldPoint,
  Step,
  UploadRecord,
} from './types.ts';
import { STEPS } from './types.ts';
import type { BundleVerdict } from './zip-check.ts';
import { checkBundle } from './zip-check.ts';

const PROGRESS_OF_STEPS: Readonly<Record<Step, number>> = {
  initializing: 5,
  downloading: 20,
  unzipping: 40,
  processing: 55,
  deploying: 75,
  finalizing: 95,
  complete: 100,
};

export interface DeploymentsOptions {
  stepMs: number;
  limits: BundleLimits;
  holdAt: HoldPoint | undefined;
  /** Called once a deployment has an address; gives the hostnames of its project. */
  assignHostnames: (projectUuid: string) => string[];
  onChange: ((deployment: DeploymentRecord) => void) | undefined;
}

export interface DeploymentRequest {
  projectUuid: string;
  upload: UploadRecord;
  environmentVariables: EnvironmentVariable[];
  failure: DeploymentFault | undefined;
}

/** A state that a test sets by hand. What is not given stays as it is. */
export interface StateChange {
  status?: DeploymentStatus;
  step?: Step | undefined;
  progress?: number;
  errorCode?: number | undefined;
  deploymentHostnames?: string[];
}

interface Run {
  deployment: DeploymentRecord;
  /** Aborts the automatic course: the emulator closes, or a test has taken over. */
  course: AbortController;
  released: boolean;
  release: (() => void) | undefined;
  listeners: Set<(deployment: DeploymentRecord) => void>;
}

interface Waiter {
  matches: (deployment: DeploymentRecord) => boolean;
  resolve: (deployment: DeploymentRecord) => void;
  reject: (error: Error) => void;
}

/** The deployments and their course: queued, seven steps, a verdict (API document, section 1, "Event stream"). */
export class Deployments {
  readonly list: DeploymentRecord[] = [];
  readonly #runs = new Map<string, Run>();
  readonly #options: DeploymentsOptions;
  #holdAt: HoldPoint | undefined;
  #waiters: Waiter[] = [];
  #courses = new Set<Promise<void>>();

  constructor(options: DeploymentsOptions) {
    this.#options = options;
    this.#holdAt = options.holdAt;
  }

  find(deploymentUuid: string): DeploymentRecord | undefined {
    return this.#runs.get(deploymentUuid.toLowerCase())?.deployment;
  }

  isInProgress(projectUuid: string): boolean {
    return this.list.some((deployment) => deployment.projectUuid === projectUuid && !isOver(deployment));
  }

  start(request: DeploymentRequest): DeploymentRecord {
    const deployment: DeploymentRecord = {
      deploymentUuid: randomUUID(),
      projectUuid: request.projectUuid,
      uploadUuid: request.upload.uploadUuid,
      environmentVariables: request.environmentVariables,
      status: 'queued',
      step: undefined,
      progress: 0,
      errorCode: undefined,
      failureReason: undefined,
      deploymentHostnames: [],
      files: undefined,
      createdAtMs: Date.now(),
      endedAtMs: undefined,
      version: 1,
    };
    const run: Run = {
      deployment,
      course: new AbortController(),
      released: false,
      release: undefined,
      listeners: new Set(),
    };
    this.list.push(deployment);
    this.#runs.set(deployment.deploymentUuid, run);
    this.#publish(run, {});
    const course = this.#run(run, request)
      .catch((error: unknown) => this.#endCourse(run, error))
      .finally(() => this.#courses.delete(course));
    this.#courses.add(course);
    return deployment;
  }

  /** Calls `listener` on each change of state; returns what stops it. */
  subscribe(deploymentUuid: string, listener: (deployment: DeploymentRecord) => void): () => void {
    const listeners = this.#runs.get(deploymentUuid.toLowerCase())?.listeners;
    listeners?.add(listener);
    return () => listeners?.delete(listener);
  }

  /** Deployments that reach this point from now on stay there until they are released; undefined: none does. */
  holdAt(point: HoldPoint | undefined): void {
    this.#holdAt = point;
  }

  /** Lets one deployment, or all that there are, go on to the end, held already or not yet. */
  release(deploymentUuid?: string): void {
    const runs = deploymentUuid === undefined ? [...this.#runs.values()] : [this.#mustFind(deploymentUuid)];
    for (const run of runs) {
      run.released = true;
      run.release?.();
    }
  }

  /** Takes a deployment over: its own course stops for good, and it has the state that is set. */
  setState(deploymentUuid: string, change: StateChange): void {
    const run = this.#mustFind(deploymentUuid);
    run.course.abort();
    this.#publish(run, change);
  }

  waitFor(matches: (deployment: DeploymentRecord) => boolean): Promise<DeploymentRecord> {
    const found = this.list.find(matches);
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve, reject) => this.#waiters.push({ matches, resolve, reject }));
  }

  async close(): Promise<void> {
    for (const run of this.#runs.values()) run.course.abort();
    for (const waiter of this.#waiters)
      waiter.reject(new Error('The emulator was closed while a deployment was awaited.'));
    this.#waiters = [];
    await Promise.all(this.#courses);
  }

  async #run(run: Run, { upload, failure }: DeploymentRequest): Promise<void> {
    await this.#hold(run, 'queued');
    let verdict: BundleVerdict | undefined;
    for (const step of STEPS) {
      if (step === 'complete') break;
      await sleep(this.#options.stepMs, undefined, { signal: run.course.signal });
      const hasAddress = step === 'finalizing';
      this.#publish(run, {
        status: 'in_progress',
        step,
        progress: PROGRESS_OF_STEPS[step],
        ...(hasAddress && { deploymentHostnames: this.#options.assignHostnames(run.deployment.projectUuid) }),
      });
      if (failure !== undefined && step === (failure.atStep ?? 'deploying')) {
        return await this.#fail(run, failure.code, 'a failure was asked for');
      }
      if (step === 'downloading' && upload.path === undefined) {
        return await this.#fail(run, 20, 'the bundle is not in the store');
      }
      if (step === 'unzipping') verdict = await this.#check(run, upload);
      if (verdict?.code === 30 || (verdict?.code === 40 && step === 'processing')) {
        return await this.#fail(run, verdict.code, verdict.reason);
      }
      await this.#hold(run, step);
    }
    await sleep(this.#options.stepMs, undefined, { signal: run.course.signal });
    if (failure?.atStep === 'complete') return await this.#fail(run, failure.code, 'a failure was asked for');
    this.#publish(run, { status: 'completed', step: 'complete', progress: 100 });
  }

  async #check(run: Run, upload: UploadRecord): Promise<BundleVerdict> {
    const verdict = await checkBundle(upload.path ?? '', this.#options.limits);
    run.course.signal.throwIfAborted();
    if (verdict.code === undefined) run.deployment.files = verdict.files;
    return verdict;
  }

  async #fail(run: Run, errorCode: number, reason: string): Promise<void> {
    await sleep(this.#options.stepMs, undefined, { signal: run.course.signal });
    run.deployment.failureReason = reason;
    this.#publish(run, { status: 'failed', step: undefined, errorCode });
  }

  async #hold(run: Run, point: HoldPoint): Promise<void> {
    const { signal } = run.course;
    if (this.#holdAt !== point || run.released || signal.aborted) return;
    await new Promise<void>((resolve) => {
      run.release = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    signal.throwIfAborted();
  }

  #endCourse(run: Run, error: unknown): void {
    // An aborted course has been taken over, or its emulator is closing: neither is a fault of the deployment.
    if (run.course.signal.aborted) return;
    run.deployment.failureReason = `fault of the emulator: ${error instanceof Error ? error.message : String(error)}`;
    this.#publish(run, { status: 'failed', step: undefined, errorCode: 10 });
  }

  #publish(run: Run, change: StateChange): void {
    const { deployment } = run;
    Object.assign(deployment, change);
    deployment.version += 1;
    if (isOver(deployment)) deployment.endedAtMs ??= Date.now();
    this.#options.onChange?.(deployment);
    for (const listener of [...run.listeners]) listener(deployment);
    const waiting = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiting) {
      if (waiter.matches(deployment)) waiter.resolve(deployment);
      else this.#waiters.push(waiter);
    }
  }

  #mustFind(deploymentUuid: string): Run {
    const run = this.#runs.get(deploymentUuid.toLowerCase());
    if (run === undefined) throw new Error(`There is no deployment ${deploymentUuid}.`);
    return run;
  }
}

export function isOver(deployment: DeploymentRecord): boolean {
  return deployment.status === 'completed' || deployment.status === 'failed';
}
