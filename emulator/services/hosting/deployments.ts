import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '../../lifecycle.ts';
import { Lifecycle } from '../../lifecycle.ts';
import type { UploadRecord } from '../storage/records.ts';
import type { DeploymentFault } from './faults.ts';
import type {
  BundleLimits,
  DeploymentRecord,
  DeploymentStatus,
  EnvironmentVariable,
  HoldPoint,
  Step,
} from './records.ts';
import { STEPS } from './records.ts';
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
  kept: number;
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

/** What makes a deployment fail, thrown by a {@link CompletionHook}. */
export class DeploymentFailure extends Error {
  readonly code: number;

  /** @param code as in the API document, section 1, table of `error.code` */
  constructor(code: number, reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'DeploymentFailure';
    this.code = code;
  }
}

/**
 * Done before a deployment completes, which waits for it.
 * @param signal aborted where a test has taken the deployment over, or the emulator closes
 */
export type CompletionHook = (deployment: DeploymentRecord, bundlePath: string, signal: AbortSignal) => Promise<void>;

/** The deployments and their lifecycle: queued, seven steps, a verdict (API document, section 1, "Event stream"). */
export class Deployments extends Lifecycle<DeploymentRecord, StateChange, HoldPoint> {
  readonly #options: DeploymentsOptions;
  readonly #hooks: CompletionHook[] = [];

  constructor(options: DeploymentsOptions) {
    const { holdAt, kept, onChange } = options;
    super({ noun: 'deployment', idOf: ({ deploymentUuid }) => deploymentUuid, isOver, holdAt, kept, onChange });
    this.#options = options;
  }

  /** For a service that builds on this one. */
  beforeCompleted(hook: CompletionHook): void {
    this.#hooks.push(hook);
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
    return this.run(
      deployment,
      (run) => this.#deploy(run, request),
      (run, error) => this.#breakDown(run, error),
    );
  }

  async #deploy(run: Run<DeploymentRecord>, { upload, failure }: DeploymentRequest): Promise<void> {
    await this.hold(run, 'queued');
    let verdict: BundleVerdict | undefined;
    for (const step of STEPS) {
      if (step === 'complete') break;
      await sleep(this.#options.stepMs, undefined, { signal: run.controller.signal });
      const hasAddress = step === 'finalizing';
      this.publish(run, {
        status: 'in_progress',
        step,
        progress: PROGRESS_OF_STEPS[step],
        ...(hasAddress && { deploymentHostnames: this.#options.assignHostnames(run.record.projectUuid) }),
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
      await this.hold(run, step);
    }
    await sleep(this.#options.stepMs, undefined, { signal: run.controller.signal });
    if (failure?.atStep === 'complete') return await this.#fail(run, failure.code, 'a failure was asked for');
    const problem = await this.#complete(run, upload.path ?? '');
    if (problem !== undefined) return await this.#fail(run, problem.code, problem.message);
    this.publish(run, { status: 'completed', step: 'complete', progress: 100 });
  }

  async #complete({ record, controller }: Run<DeploymentRecord>, path: string): Promise<DeploymentFailure | undefined> {
    try {
      for (const hook of this.#hooks) await hook(record, path, controller.signal);
    } catch (error) {
      if (error instanceof DeploymentFailure) return error;
      throw error;
    } finally {
      controller.signal.throwIfAborted();
    }
    return undefined;
  }

  async #check(run: Run<DeploymentRecord>, upload: UploadRecord): Promise<BundleVerdict> {
    const verdict = await checkBundle(upload.path ?? '', this.#options.limits);
    run.controller.signal.throwIfAborted();
    if (verdict.code === undefined) run.record.files = verdict.files;
    return verdict;
  }

  async #fail(run: Run<DeploymentRecord>, errorCode: number, reason: string): Promise<void> {
    await sleep(this.#options.stepMs, undefined, { signal: run.controller.signal });
    run.record.failureReason = reason;
    this.publish(run, { status: 'failed', step: undefined, errorCode });
  }

  #breakDown(run: Run<DeploymentRecord>, error: unknown): void {
    run.record.failureReason = `fault of the emulator: ${error instanceof Error ? error.message : String(error)}`;
    this.publish(run, { status: 'failed', step: undefined, errorCode: 10 });
  }
}

export function isOver(deployment: DeploymentRecord): boolean {
  return deployment.status === 'completed' || deployment.status === 'failed';
}
