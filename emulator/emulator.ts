import type { Fault, FaultRecord } from './fault-types.ts';
import type { RequestMatch, WaitOptions } from './recorder.ts';
import type { ArtifactsEmulator } from './services/artifacts/artifacts-emulator.ts';
import type { GitHubEmulator } from './services/github/github-emulator.ts';
import type { StateChange } from './services/hosting/deployments.ts';
import type { RedirectsEmulator } from './services/redirects/redirects-emulator.ts';
import type { BatchesEmulator } from './services/sitecore/batches-emulator.ts';
import type {
  BundleLimits,
  DeploymentRecord,
  HoldPoint,
  Project,
  RecordedRequest,
  Settings,
  UploadRecord,
  Violation,
  WorkerLog,
} from './types.ts';

/** Options of {@link Emulator}; everything has a default. */
export type EmulatorOptions = Partial<Omit<Settings, 'limits'>> & {
  /** Each limit is the platform's own unless it is given. */
  limits?: Partial<BundleLimits>;
  /** Names of projects that the store has from the start (`demo-storefront`). */
  projects?: readonly string[];
  faults?: readonly Fault[];
};

/** A running embedded platform. */
export interface Emulator {
  /** Such as `http://127.0.0.1:8080`; what `api-host` and `CATALYST_API_HOST` are set to. */
  readonly origin: string;
  /** Host and port of it, as the vendor's own tool wants it (with TLS). */
  readonly apiHost: string;
  readonly storeHash: string;
  readonly accessToken: string;
  /** With TLS: the PEM file for `NODE_EXTRA_CA_CERTS`. */
  readonly certificatePath: string | undefined;
  readonly projects: readonly Project[];
  readonly requests: readonly RecordedRequest[];
  readonly violations: readonly Violation[];
  readonly uploads: readonly UploadRecord[];
  readonly deployments: readonly DeploymentRecord[];
  readonly faults: readonly FaultRecord[];
  /** The GitHub that is embedded too, for deployments and comments. */
  readonly github: GitHubEmulator;
  /** The artifact service of its Actions, and the store behind that. */
  readonly artifacts: ArtifactsEmulator;
  /** The store's redirects, its sites, and the jobs that import and export. */
  readonly redirects: RedirectsEmulator;
  /** The Batch API of Sitecore CDP, whose base URL is `origin`. */
  readonly batches: BatchesEmulator;
  /** Throws `FaultError` for one that makes no sense. */
  addFault(fault: Fault): void;
  clearFaults(): void;
  addProject(name: string): Project;
  /** To every open tail of the project; what is not given is made up. */
  addWorkerLog(projectUuid: string, log?: Partial<WorkerLog>): void;
  /** The stored object goes; a create call that names it gets a 422. */
  removeUpload(uploadUuid: string): Promise<void>;
  /** Deployments that reach this point (`deploying`) from now on stay there until released; undefined: none does. */
  holdDeployments(at?: HoldPoint | undefined): void;
  /** Lets one deployment, or all that there are now, run to the end. */
  releaseDeployment(deploymentUuid?: string): void;
  /** Takes a deployment over: it stops by itself and has the state that is set. */
  setState(deploymentUuid: string, change: StateChange): void;
  /** Resolves when the `count`-th such request arrives (its body may not be read yet), or at once where it has. */
  waitForRequest(match: RequestMatch, options?: WaitOptions): Promise<RecordedRequest>;
  /** The same, once that request is answered in full or its connection is gone. */
  waitForRequestEnd(match: RequestMatch, options?: WaitOptions): Promise<RecordedRequest>;
  /** Resolves when a deployment comes into a state that matches, or at once where one is. */
  waitForDeployment(matches: (deployment: DeploymentRecord) => boolean): Promise<DeploymentRecord>;
  /** Destroys all connections and deletes all files; everything that is still awaited is rejected. */
  close(): Promise<void>;
}
