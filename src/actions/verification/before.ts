import type { HostingClient, Project } from '../../bigcommerce/hosting.ts';
import type { PageResult } from '../../domain/verification/checks.ts';
import { BUILD_ID_PATH, readBuildId } from '../../domain/verification/identity.ts';
import type { Pages } from '../../domain/verification/page.ts';
import type { TimeSpan } from '../../domain/worker-logs/own-requests.ts';
import { describeError } from '../../errors.ts';
import type { ProjectReference } from '../../inputs/deploy.ts';
import type { VerificationInputs } from '../../inputs/verification.ts';
import { endedBy, timeoutSignal } from '../../pause.ts';
import type { Logger } from '../../report/run-events.ts';
import { isUrl, reachableUrls } from './addresses.ts';
import { Asker } from './ask-pages.ts';
import { lookAtPages } from './look-at-pages.ts';

/** For all of it: a look before must not keep a deployment waiting. */
const LOOK_MS = 10_000;
const IDENTITY_ATTEMPT_MS = 5_000;

/** What was live before a deployment. */
export interface Before {
  /** What came of each page; empty if nothing was live, or its address is not known. */
  pages: readonly PageResult[];
  /** Undefined if it is not known. */
  buildId: string | undefined;
  /** When its pages were asked; undefined if they were not. */
  looked?: TimeSpan;
}

export const NOTHING_BEFORE: Before = { pages: [], buildId: undefined };

/** What is looked at while the bundle is packaged. */
export interface Look {
  /** Projects of the name that the user gave, if one is: the first answer to what `resolveProject` asks. */
  projects: Promise<Project[]> | undefined;
  /** Comes in little time, and never rejects. */
  before: Promise<Before>;
  stop(): void;
}

export interface LookDependencies {
  hosting: Pick<HostingClient, 'findProjects' | 'readProject'>;
  run: Pick<Logger, 'debug'>;
  verifying: { pages: Pages; isLocal: boolean };
  signal: AbortSignal;
}

const NOTHING: Look = { projects: undefined, before: Promise.resolve(NOTHING_BEFORE), stop: () => {} };

/**
 * Begins to look at what is live: which project it is, and the pages that are asked again after the deployment. What is
 * broken already is no fault of the build. Only reads; a dry run reads nothing.
 */
export function beginLook(
  {
    project,
    dryRun,
    verification,
  }: { project: ProjectReference; dryRun: boolean; verification: VerificationInputs | 'off' },
  dependencies: LookDependencies,
  timeoutMs = LOOK_MS,
): Look {
  if (dryRun || verification === 'off') return NOTHING;
  const { hosting, run } = dependencies;
  const ending = new AbortController();
  const projects = project.kind === 'name' ? hosting.findProjects(project.name) : undefined;
  projects?.catch(() => {}); // Whoever looks for the project reports it.
  const readProject = async () =>
    project.kind === 'uuid' ? await hosting.readProject(project.uuid) : onlyOne(await projects);
  const endMs = performance.now() + timeoutMs;
  const signal = AbortSignal.any([dependencies.signal, ending.signal]);
  // A list of projects that is long, or slow, is not waited for here.
  const before = endedBy(AbortSignal.any([signal, timeoutSignal(timeoutMs)]), readProject())
    .then((found) => look(found, verification, { ...dependencies, signal }, endMs))
    .catch((error: unknown) => {
      run.debug(`What is live was not looked at: ${describeError(error)}`);
      return NOTHING_BEFORE;
    });
  return { projects, before, stop: () => ending.abort() };
}

function onlyOne(projects: readonly Project[] = []): Project | undefined {
  return projects.length === 1 ? projects[0] : undefined;
}

async function look(
  project: Project | undefined,
  { paths: checks, headers }: VerificationInputs,
  { run, signal, verifying: { pages, isLocal } }: LookDependencies,
  endMs: number,
): Promise<Before> {
  const urls = reachableUrls(project?.urls ?? [], isLocal);
  if (!isUrl(urls)) {
    run.debug('What is live was not looked at: nothing is deployed to the project, or its address is not known.');
    return NOTHING_BEFORE;
  }
  const target = { urls, checks, headers };
  const startMs = Date.now();
  const timeLeftMs = endMs - performance.now();
  const [seen, id] = await Promise.all([
    lookAtPages(target, { pages, signal }, timeLeftMs),
    new Asker(target, { pages, signal }).get(BUILD_ID_PATH, Math.max(1, Math.min(IDENTITY_ATTEMPT_MS, timeLeftMs))),
  ]);
  return { pages: seen, buildId: readBuildId(id), looked: { startMs, endMs: Date.now() } };
}
