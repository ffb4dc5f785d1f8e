import { randomUUID } from 'node:crypto';
import type { BodyAnswer } from '../../answers.ts';
import { createDataAnswer, createEmptyAnswer, createErrorAnswer } from '../../answers.ts';
import { isUuid } from '../../uuid.ts';
import { readPage } from './pagination.ts';
import type { Project } from './records.ts';

const NAME = /^[A-Za-z0-9._-]{3,32}$/;
const NAME_RULE =
  'The name must be 3 to 32 characters long and use only letters, numbers, hyphens (-), underscores (_), and periods (.)';

/** For services that build on this one. */
type ProjectHook = (project: Project) => void;

/** The projects of the store (API document, section 1, table of calls). */
export class Projects {
  readonly list: Project[] = [];
  readonly #limit: number;
  /** Place of a project in the order of creation; never used again, so that cursors outlive a deleted project. */
  readonly #ordinals = new Map<string, number>();

  readonly #hostnamesHooks: ProjectHook[] = [];
  readonly #deletionHooks: ProjectHook[] = [];
  #nameHost = nameExampleHost;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** For a service that serves the storefronts: what a project's hostname is. */
  nameHostsBy(nameHost: (project: Project) => string): void {
    this.#nameHost = nameHost;
  }

  /** Calls `hook` when a deployment gives a project its hostnames; the canonical one is there by then. */
  onHostnames(hook: ProjectHook): void {
    this.#hostnamesHooks.push(hook);
  }

  /** Calls `hook` when a project was deleted. */
  onDeleted(hook: ProjectHook): void {
    this.#deletionHooks.push(hook);
  }

  add(name: string): Project {
    const now = new Date().toISOString();
    const project: Project = {
      uuid: randomUUID(),
      name,
      dateCreated: now,
      dateModified: now,
      deploymentHostnames: [],
    };
    this.#ordinals.set(project.uuid, this.#ordinals.size);
    this.list.push(project);
    return project;
  }

  find(uuid: string): Project | undefined {
    return this.list.find((project) => project.uuid === uuid.toLowerCase());
  }

  /** A hostname belongs to the project: the first deployment brings it, each later one uses it again. */
  assignHostnames(uuid: string): string[] {
    const project = this.find(uuid);
    if (project === undefined) return [];
    if (project.deploymentHostnames.length === 0) {
      project.deploymentHostnames.push(this.#nameHost(project));
    }
    for (const hook of this.#hostnamesHooks) hook(project);
    project.dateModified = new Date().toISOString();
    return [...project.deploymentHostnames];
  }

  /** `GET /infrastructure/projects`. */
  answerList(query: URLSearchParams): BodyAnswer {
    return readPage(this.list, (project) => this.#ordinals.get(project.uuid) ?? 0, renderProject, query);
  }

  /** `POST /infrastructure/projects`. A name that is in use gets a 502, as on the real platform. */
  answerCreate(body: unknown): BodyAnswer {
    const name = typeof body === 'object' && body !== null && 'name' in body ? body.name : undefined;
    if (typeof name !== 'string') return createErrorAnswer(422, 'Invalid request body.', { name: 'name is required' });
    if (!NAME.test(name)) return createErrorAnswer(422, 'Invalid project name.', { name: NAME_RULE });
    if (this.list.some((project) => project.name === name)) return createErrorAnswer(502, 'Bad Gateway');
    if (this.list.length >= this.#limit) {
      return createErrorAnswer(422, `The store has reached its limit of ${this.#limit} projects.`);
    }
    return createDataAnswer(renderProject(this.add(name)));
  }

  /** `DELETE /infrastructure/projects/{project_uuid}`. */
  answerDelete(uuid: string): BodyAnswer {
    const project = this.find(uuid);
    if (project === undefined) return createErrorAnswer(404, 'The project was not found.');
    this.list.splice(this.list.indexOf(project), 1);
    for (const hook of this.#deletionHooks) hook(project);
    return createEmptyAnswer(204);
  }

  /** `DELETE /infrastructure/projects?project_uuid:in=`: uuids that are not there are passed over. */
  answerDeleteMany(query: URLSearchParams): BodyAnswer {
    const uuids = (query.get('project_uuid:in') ?? '').split(',').filter((uuid) => uuid !== '');
    if (uuids.length === 0) return createErrorAnswer(422, "'project_uuid:in' must be specified");
    const malformed = uuids.find((uuid) => !isUuid(uuid));
    if (malformed !== undefined) {
      return createErrorAnswer(422, 'Invalid filter.', { 'project_uuid:in': 'must be a list of valid UUIDs' });
    }
    for (const uuid of uuids) this.answerDelete(uuid);
    return createEmptyAnswer(204);
  }
}

/** The name as a label of a host. */
export function labelOf({ name }: Project): string {
  const label = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return label.replaceAll(/^-|-$/g, '') || 'project';
}

function nameExampleHost(project: Project): string {
  return `${labelOf(project)}-${project.uuid.slice(0, 8)}.storefront.example`;
}

function renderProject(project: Project) {
  return {
    uuid: project.uuid,
    name: project.name,
    date_created: project.dateCreated,
    date_modified: project.dateModified,
    deployment_hostnames: project.deploymentHostnames,
  };
}
