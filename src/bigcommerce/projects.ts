import { toUrl } from '../domain/deployment.ts';
import { isLoopback } from '../domain/loopback.ts';
import { ActionError } from '../errors.ts';
import { HttpError, isUncertain } from '../net/errors.ts';
import { repeatAlways, repeatWhenNotCarriedOut } from '../net/retry.ts';
import { callEndpoint, type HostingClientOptions } from './endpoint.ts';
import type { Project } from './hosting.ts';
import { explainDeleteRefusal, explainProjectRefusal } from './refusals.ts';
import { parseCreatedProject, parseProjectPage, type ReadProject } from './schemas.ts';

/** Creating starts work on the platform; a slow answer is better than not knowing. */
export const CREATE_TIMEOUT_MS = 30_000;
const PROJECTS_A_PAGE = 50;
/** A hundred times the number of projects known to be allowed per store. */
const MAX_PAGES = 500;
const NOT_FOUND = 404;

/** The calls about projects (API document, section 1). */
export function projectCalls(options: HostingClientOptions) {
  return {
    // The filter matches parts of names, so each is compared.
    findProjects: async (name: string) =>
      (await listProjects(options, { 'name:like': name })).filter((project) => project.name === name),
    readProject: async (uuid: string) =>
      (await listProjects(options, { 'uuid:in': uuid })).find(
        (project) => project.uuid.toLowerCase() === uuid.toLowerCase(),
      ),
    listProjects: (namePart?: string) => listProjects(options, namePart === undefined ? {} : { 'name:like': namePart }),
    createProject: (name: string) => createProject(options, name),
    deleteProject: (uuid: string) => deleteProject(options, uuid),
  };
}

/** `GET /infrastructure/projects`, all pages; `name:like` matches parts of names. */
async function listProjects(
  options: HostingClientOptions,
  filter: { 'name:like'?: string } | { 'uuid:in': string },
): Promise<Project[]> {
  // If the list changes between requests, a project may be on two pages.
  const found = new Map<string, Project>();
  const cursors = new Set<string>();
  for (let after: string | undefined; ; ) {
    const page = await callEndpoint(options, {
      what: 'Looking up projects',
      method: 'GET',
      path: 'infrastructure/projects',
      query: { ...filter, limit: String(PROJECTS_A_PAGE), after },
      scope: 'projects-read',
      parse: parseProjectPage,
      mayRepeat: repeatAlways,
    });
    for (const project of page.projects)
      if (!found.has(project.uuid)) found.set(project.uuid, withUrls(project, options));
    // A cursor that repeats would loop forever.
    if (page.after === undefined || cursors.has(page.after)) return [...found.values()];
    cursors.add(page.after);
    if (cursors.size >= MAX_PAGES) throw endless(found.size);
    after = page.after;
  }
}

function withUrls({ uuid, name, hosts }: ReadProject, { apiOrigin }: HostingClientOptions): Project {
  const isLocal = isLoopback(new URL(apiOrigin).hostname);
  return { uuid, name, urls: hosts.map((host) => toUrl(host, isLocal)).filter((url) => url !== undefined) };
}

function endless(projects: number): ActionError {
  return new ActionError(
    `Looking up projects: after ${MAX_PAGES} pages with ${projects} projects the list still goes on.`,
    {
      topic: 'no-connection-or-no-answer',
      title: 'The list of projects does not end',
      fix: 'Check `api-host`; if it is right, the platform has a fault: run the job again later.',
    },
  );
}

/** `POST /infrastructure/projects`: a 5xx is not repeated, since a taken name is answered with 502. */
async function createProject(
  options: HostingClientOptions,
  name: string,
): Promise<Project | { uncertain: ActionError }> {
  try {
    const created = await callEndpoint(options, {
      what: `Creating the project "${name}"`,
      method: 'POST',
      path: 'infrastructure/projects',
      body: { name },
      scope: 'projects-manage',
      explain: explainProjectRefusal,
      parse: parseCreatedProject,
      mayRepeat: repeatWhenNotCarriedOut,
      timeoutMs: CREATE_TIMEOUT_MS,
    });
    return withUrls(created, options);
  } catch (error) {
    if (isUncertain(error)) return { uncertain: error };
    throw error;
  }
}

/** `DELETE /infrastructure/projects/{project_uuid}`: 204, even if something is deployed to it. */
async function deleteProject(
  options: HostingClientOptions,
  uuid: string,
): Promise<'deleted' | { missing: ActionError } | { uncertain: ActionError }> {
  try {
    await callEndpoint(options, {
      what: `Deleting the project ${uuid}`,
      method: 'DELETE',
      path: `infrastructure/projects/${encodeURIComponent(uuid)}`,
      scope: 'projects-manage',
      explain: explainDeleteRefusal,
      parse: () => undefined,
      mayRepeat: repeatAlways,
    });
    return 'deleted';
  } catch (error) {
    if (error instanceof HttpError && error.status === NOT_FOUND) return { missing: error };
    if (isUncertain(error)) return { uncertain: error };
    throw error;
  }
}
