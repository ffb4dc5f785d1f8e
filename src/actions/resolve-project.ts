import type { HostingClient, Project } from '../bigcommerce/hosting.ts';
import { nearestNames } from '../domain/nearest-names.ts';
import { ActionError } from '../errors.ts';
import type { ProjectReference } from '../inputs/deploy.ts';
import type { DeployEvent } from '../report/deploy-record.ts';
import { limitLabel } from '../report/limits.ts';
import type { Phase, Run, RunEvent } from '../report/run-events.ts';

export interface ResolveDependencies {
  hosting: HostingClient;
  run: Run<RunEvent<never> | Extract<DeployEvent, { type: 'project-found' }>>;
  /** What to do if there is no project of that name; the inputs of actions differ. */
  missingFix?: string;
  /** Projects of this name, if they are being looked for already. */
  firstLook?: Promise<Project[]> | undefined;
}

const MAX_NAMED = 5;
const MISSING_FIX = 'Correct `project-name`, or set `create-project: true` to create it.';

/**
 * The project's UUID. Looks up a name, and creates the project if the user asked for it.
 * @throws ActionError when there is no such project, or more than one
 */
export async function resolveProject(
  reference: ProjectReference,
  { hosting, run, missingFix = MISSING_FIX, firstLook }: ResolveDependencies,
): Promise<string> {
  if (reference.kind === 'uuid') {
    run.emit({ type: 'project-found', uuid: reference.uuid });
    return reference.uuid;
  }
  return await run.phase('Find project', async (phase) => {
    phase.info(`Looking for the project named "${reference.name}"`);
    const found = firstLook ?? hosting.findProjects(reference.name);
    const project = onlyOne(reference.name, await found) ?? (await createOrFail(reference, hosting, phase, missingFix));
    run.emit({ type: 'project-found', uuid: project.uuid, name: project.name });
    phase.result(`${project.name} is ${project.uuid}`);
    return project.uuid;
  });
}

/** @throws ActionError when there is more than one */
function onlyOne(name: string, [project, ...others]: readonly Project[]): Project | undefined {
  if (others.length === 0) return project;
  const uuids = [project, ...others].map((one) => one?.uuid).join(', ');
  throw new ActionError(`The store has ${others.length + 1} projects named "${name}": ${uuids}.`, {
    topic: 'project-name-not-unique',
    title: 'Project name not unique',
    fix: 'Give `project-uuid` instead of `project-name`.',
  });
}

/** The names that may have been meant: of help, but no reason to fail in another way. */
async function othersText(name: string, hosting: HostingClient): Promise<string> {
  const projects = await hosting.listProjects().catch(() => undefined);
  if (projects === undefined) return '';
  if (projects.length === 0) return ' It has no projects, or the token sees none.';
  const names = projects.map((project) => project.name);
  const nearest = nearestNames(name, names, MAX_NAMED);
  if (nearest.length > 0) return ` Nearest: ${quoted(nearest)}.`;
  return names.length <= MAX_NAMED ? ` It has: ${quoted(names)}.` : '';
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${limitLabel(name)}"`).join(', ');
}

async function createOrFail(
  { name, createIfMissing }: { name: string; createIfMissing: boolean },
  hosting: HostingClient,
  phase: Phase,
  missingFix: string,
): Promise<Project> {
  if (!createIfMissing) {
    throw new ActionError(
      `The store has no hosting project named "${name}" (names are matched exactly, case included).${await othersText(name, hosting)}`,
      { topic: 'project-not-found', title: 'Project not found', fix: missingFix },
    );
  }
  phase.info(`There is no project named "${name}" yet: creating it.`);
  const created = await hosting.createProject(name);
  if (!('uncertain' in created)) return created;
  // The platform answers 502 when the name is taken, which may be by another job a moment ago, or by a lost answer.
  phase.info('The platform did not say that it made it; looking the name up once more.');
  const found = onlyOne(name, await hosting.findProjects(name));
  if (found !== undefined) return found;
  throw new ActionError(`${created.uncertain.message} The project "${name}" was not found either.`, {
    topic: 'project-not-created',
    title: 'Project not created',
    fix: 'The platform has a fault, or the name is taken by a project that this token does not see, or the store has as many projects as it may have (`preview-cleanup` deletes the previews of closed pull requests). Run the job again, or choose another name.',
    cause: created.uncertain,
  });
}
