/** A platform and storefronts in memory, for the order in which a deployment is made, verified and taken back. */
import { type DeployDependencies, type DeployOrder, deploy } from '../../../src/actions/deploy.ts';
import type { LastGood, Verifying } from '../../../src/actions/verification/verify.ts';
import type { HostingClient, Project } from '../../../src/bigcommerce/hosting.ts';
import type { LogsClient } from '../../../src/bigcommerce/logs.ts';
import type { Bundle } from '../../../src/domain/bundle.ts';
import type { PageAnswer, Pages } from '../../../src/domain/verification/page.ts';
import type { VerificationInputs } from '../../../src/inputs/verification.ts';
import type { DeployEvent } from '../../../src/report/deploy-record.ts';
import { createFakeRun } from '../../fake-run.ts';
import { endOf } from '../end-of.ts';

export const PRODUCTION: Project = { uuid: 'p-1', name: 'shop', urls: ['https://shop.example.com'] };
export const REHEARSAL: Project = { uuid: 'p-2', name: 'rehearsal', urls: [] };

export function bundleOf(buildId: string): Bundle {
  const sha256 = Buffer.from(buildId).toString('hex').padEnd(64, '0');
  return {
    path: `/${buildId}.zip`,
    sizeBytes: 1,
    sha256,
    files: [],
    unzippedBytes: 1,
    warnings: [],
    notes: [],
    buildId,
  };
}

/** What a project's storefront answers for a build. */
export type Storefront = (buildId: string, path: string, project: Project) => number;

export interface Story {
  verification?: Partial<VerificationInputs> | 'off';
  /** Live before; undefined: nothing is. */
  former?: string | undefined;
  storefront?: Storefront;
  order?: Partial<DeployOrder>;
  lastGood?: Verifying['findLastGood'];
  hosting?: Partial<HostingClient>;
  /** The bundle is that of an earlier deployment. */
  isEarlier?: boolean;
  /** What the platform tells of the worker's logs; nothing unless given. */
  logs?: Verifying['logs'];
  waits?: Verifying['waits'];
  signal?: AbortSignal;
  /** Called with each event. */
  onEvent?: (event: DeployEvent) => void;
}

/** A tail that ends at once, as one that cannot be followed, and a query that finds nothing. */
const NO_LOGS: LogsClient = {
  async *tail() {},
  async *query() {},
};

/** Deploys the build `new` and tells what happened. */
export async function tell(story: Story) {
  const { former = 'old', storefront = () => 200, signal = new AbortController().signal } = story;
  const calls: string[] = [];
  const live = new Map<string, string>('former' in story && story.former === undefined ? [] : [['p-1', former]]);
  const hosting = createHosting(calls, live, story.hosting);
  const fake = createFakeRun<DeployEvent>();
  const run = {
    ...fake,
    emit: (event: DeployEvent) => {
      fake.emit(event);
      story.onEvent?.(event);
    },
  };
  const dependencies: DeployDependencies = {
    hosting,
    run,
    signal,
    prepareBundle: async () => bundleOf('new'),
    openStatus: async () => void calls.push('open status'),
    verifying: {
      isEarlier: story.isEarlier ?? false,
      pages: createPages(live, storefront, calls),
      logs: story.logs ?? (() => NO_LOGS),
      waits: story.waits,
      isLocal: false,
      findLastGood: story.lastGood ?? (async () => lastGood(former)),
    },
  };
  const error = await endOf(deploy(orderOf(story), dependencies));
  return { error, run: fake, calls, live };
}

export function lastGood(buildId: string): LastGood {
  const source = {
    githubDeployment: { id: 7, url: 'https://github.com/o/r/deployments' },
    commit: { sha: '0123456789abcdef0123456789abcdef01234567', url: 'https://github.com/o/r/commit/0123456' },
  };
  return { bundle: bundleOf(buildId), source };
}

function orderOf({ verification = {}, order }: Story): DeployOrder {
  const wanted: VerificationInputs = {
    paths: [{ path: '/' }],
    headers: {},
    // Enough for two looks, on a busy machine, too.
    timeoutMs: 1_000,
    onFailure: 'fail',
    logs: 'off',
    rehearsal: undefined,
    ...(verification === 'off' ? {} : verification),
  };
  return {
    variables: [],
    onConflict: 'fail',
    conflictTimeoutMs: 1000,
    maxAttempts: 1,
    timeoutMs: 1000,
    dryRun: false,
    project: { kind: 'uuid', uuid: 'p-1' },
    source: { kind: 'directory' },
    ...order,
    verification: verification === 'off' ? 'off' : wanted,
  };
}

function createHosting(calls: string[], live: Map<string, string>, other: Partial<HostingClient> = {}): HostingClient {
  const projects = [PRODUCTION, REHEARSAL];
  const uploads = new Map<string, string>();
  let pending: { project: string; build: string } | undefined;
  return {
    upload: async ({ path }) => {
      const uuid = `u-${uploads.size + 1}`;
      uploads.set(uuid, path.slice(1, -'.zip'.length));
      calls.push(`upload ${uploads.get(uuid)}`);
      return uuid;
    },
    createDeployment: async ({ projectUuid, uploadUuid }) => {
      pending = { project: projectUuid, build: uploads.get(uploadUuid) ?? '' };
      calls.push(`deploy ${pending.build} to ${projectUuid}`);
      return { kind: 'created', deploymentUuid: `d-${calls.length}` };
    },
    async *followDeployment(deploymentUuid) {
      if (pending !== undefined) live.set(pending.project, pending.build);
      const host = `${pending?.project === 'p-2' ? 'rehearsal' : 'shop'}.example.com`;
      yield {
        ...{ deploymentUuid, status: 'completed', step: 'complete', progress: 100, errorCode: undefined },
        hosts: [host],
      };
    },
    findProjects: async (name) => projects.filter((project) => project.name === name),
    readProject: async (uuid) => projects.find((project) => project.uuid === uuid),
    listProjects: async () => projects,
    createProject: async (name) => ({ uuid: 'p-3', name }),
    deleteProject: async () => 'deleted',
    ...other,
  };
}

function createPages(live: Map<string, string>, storefront: Storefront, calls: string[]): Pages {
  return {
    get: async ({ url, signal }): Promise<PageAnswer> => {
      signal.throwIfAborted();
      const project = url.hostname.startsWith('rehearsal') ? REHEARSAL : PRODUCTION;
      const build = live.get(project.uuid) ?? '';
      const isId = url.pathname === '/BUILD_ID';
      if (!isId) calls.push(`ask ${url.hostname}${url.pathname} of ${build}`);
      const status = isId ? 200 : storefront(build, url.pathname, project);
      const body = isId
        ? build
        : `<html><head><script src="/_next/static/a.js"></script></head><body>${build}</body></html>`;
      const hop = { status, url, location: undefined, headers: { 'content-type': 'text/html' } };
      return { kind: 'answered', hops: [hop], body, bytes: body.length, isCut: false, firstByteMs: 5 };
    },
    close: async () => {},
  };
}
