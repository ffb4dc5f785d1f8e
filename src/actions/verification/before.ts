import type { HostingClient, Project } from '../../bigcommerce/hosting.ts';
import type { PageResult } from '../../domain/verification/checks.ts';
import type { Pages } from '../../domain/verification/page.ts';
import { describeError } from '../../errors.ts';
import type { ProjectReference } from '../../inputs/deploy.ts';
import type { VerificationInputs } from '../../inputs/verification.ts';
import { timeoutSignal } from '../../pause.ts';
import type { Logger } from '../../report/run-events.ts';
import { isUrl, reachableUrls } from './addresses.ts';
import { lookAtPages } from './look-at-pages.ts';

/** For all of it: a look before must not keep a deployment waiting. */
const LOOK_MS = 10_000;

/** What is looked at while the bundle is packaged. */
export interface Look {
  /** Projects of the name that the user gave, if one is: the first answer to what `resolveProject` asks. */
  projects: Promise<Project[]> | undefined;
  /** What came of each page as it is now; empty if nothing is live, or its address is not known. Never rejects. */
  pages: Promise<readonly PageResult[]>;
  stop(): void;
}

export interface LookDependencies {
  hosting: Pick<HostingClient, 'findProjects' | 'readProject'>;
  run: Pick<Logger, 'debug'>;
  verifying: { pages: Pages; isLocal: boolean };
  signal: AbortSignal;
}

const NOTHING: Look = { projects: undefined, pages: Promise.resolve([]), stop: () => {} };

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
): Look {
  if (dryRun || verification === 'off') return NOTHING;
  const { hosting, run } = dependencies;
  const ending = new AbortController();
  const projects = project.kind === 'name' ? hosting.findProjects(project.name) : undefined;
  projects?.catch(() => {}); // Whoever looks for the project reports it.
  const readProject = async () =>
    project.kind === 'uuid' ? await hosting.readProject(project.uuid) : onlyOne(await projects);
  const signal = AbortSignal.any([dependencies.signal, ending.signal, timeoutSignal(LOOK_MS)]);
  const pages = readProject()
    .then((found) => look(found, verification, { ...dependencies, signal }))
    .catch((error: unknown): PageResult[] => {
      run.debug(`What is live was not looked at: ${describeError(error)}`);
      return [];
    });
  return { projects, pages, stop: () => ending.abort() };
}

function onlyOne(projects: readonly Project[] = []): Project | undefined {
  return projects.length === 1 ? projects[0] : undefined;
}

async function look(
  project: Project | undefined,
  { paths: checks, headers }: VerificationInputs,
  { run, signal, verifying: { pages, isLocal } }: LookDependencies,
): Promise<PageResult[]> {
  const urls = reachableUrls(project?.urls ?? [], isLocal);
  if (!isUrl(urls)) {
    run.debug('What is live was not looked at: nothing is deployed to the project, or its address is not known.');
    return [];
  }
  return await lookAtPages({ urls, checks, headers }, { pages, signal });
}
