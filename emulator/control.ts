import type { Answer } from './answers.ts';
import { createEmptyAnswer, createJsonAnswer } from './answers.ts';
import type { Emulator } from './emulator.ts';
import { FaultError, parseFault } from './fault-parsing.ts';
import type { GitHubEmulator } from './services/github/github-emulator.ts';
import { PERMISSIONS } from './services/github/permissions.ts';
import type { JobHoldPoint } from './services/redirects/records.ts';
import type { BatchHoldPoint } from './services/sitecore/records.ts';
import { BATCH_HOLD_POINTS } from './services/sitecore/records.ts';
import type { HoldPoint } from './types.ts';
import { STEPS } from './types.ts';

const PREFIX = '/_emulator/';

/** What `--help` says of the control over HTTP. */
export const CONTROL_HELP = `  GET    /_emulator/requests    every request so far
  GET    /_emulator/violations  what no client may do, and one did (a token sent to storage)
  GET    /_emulator/state       projects, uploads, deployments, redirects, batches, faults, and what is on GitHub
  POST   /_emulator/faults      one fault, or a list of them
  DELETE /_emulator/faults      no more faults
  POST   /_emulator/projects    {"name"}: one more project
  POST   /_emulator/permissions {"permission", "level"}: none, read or write, for the job's token on GitHub
  POST   /_emulator/redirects   {"fromPath", "to", "siteId"?, "copy"?}: one more redirect, or a list of them; "copy": under
                                an id of its own, though the site has the path already
  POST   /_emulator/hold-jobs   {"at"?}: jobs of redirects stay there, new or working (null: no longer)
  POST   /_emulator/release-jobs {"job_id"?}: held jobs go on
  POST   /_emulator/hold-batches {"at"?}: batches stay there: uploading, file_uploaded or processing (null: no longer)
  POST   /_emulator/release-batches {"ref"?}: held batches go on
  POST   /_emulator/hold        {"at"?}: deployments stay in this step (null: no longer)
  POST   /_emulator/release     {"deployment_uuid"?}: held deployments go on`;

export function isControlPath(path: string): boolean {
  return path.startsWith(PREFIX);
}

/**
 * The control of the emulator for other processes. No token is asked for, and secrets are shown: it listens on
 * loopback only, unless it was told otherwise.
 */
export function answerControl(method: string, path: string, body: unknown, emulator: Emulator): Answer {
  const fields: Record<string, unknown> = typeof body === 'object' && body !== null ? { ...body } : {};
  try {
    switch (`${method} ${path.slice(PREFIX.length)}`) {
      case 'GET requests':
        return createJsonAnswer(200, emulator.requests);
      case 'GET violations':
        return createJsonAnswer(200, emulator.violations);
      case 'GET state':
        return createJsonAnswer(200, renderState(emulator));
      case 'POST faults':
        return addFaults(Array.isArray(body) ? body : [body], emulator);
      case 'DELETE faults':
        emulator.clearFaults();
        return createEmptyAnswer(204);
      case 'POST projects':
        return createJsonAnswer(200, emulator.addProject(`${fields['name']}`));
      case 'POST permissions':
        setPermission(fields, emulator.github);
        return createEmptyAnswer(204);
      case 'POST hold':
        emulator.holdDeployments(...readHoldPoint(fields['at']));
        return createEmptyAnswer(204);
      case 'POST release': {
        const uuid = fields['deployment_uuid'];
        emulator.releaseDeployment(typeof uuid === 'string' ? uuid : undefined);
        return createEmptyAnswer(204);
      }
      case 'POST redirects':
        return addRedirects(Array.isArray(body) ? body : [body], emulator);
      case 'POST hold-jobs':
        emulator.redirects.holdJobs(...readJobHoldPoint(fields['at']));
        return createEmptyAnswer(204);
      case 'POST release-jobs':
        emulator.redirects.releaseJobs(typeof fields['job_id'] === 'string' ? fields['job_id'] : undefined);
        return createEmptyAnswer(204);
      case 'POST hold-batches':
        emulator.batches.holdBatches(...readBatchHoldPoint(fields['at']));
        return createEmptyAnswer(204);
      case 'POST release-batches':
        emulator.batches.releaseBatches(typeof fields['ref'] === 'string' ? fields['ref'] : undefined);
        return createEmptyAnswer(204);
      default:
        return createJsonAnswer(404, {
          error: `no such control: ${method} ${path}`,
          controls: CONTROL_HELP.split('\n'),
        });
    }
  } catch (error) {
    return createJsonAnswer(400, { error: error instanceof Error ? error.message : String(error) });
  }
}

function addFaults(values: readonly unknown[], emulator: Emulator): Answer {
  // All or none: a list with a mistake in it changes nothing.
  const faults = values.map(parseFault);
  for (const fault of faults) emulator.addFault(fault);
  return createJsonAnswer(200, { added: faults.length });
}

function readHoldPoint(at: unknown): [at?: HoldPoint | undefined] {
  if (at === undefined) return [];
  if (at === null) return [undefined];
  const points: readonly HoldPoint[] = ['queued', ...STEPS.filter((step) => step !== 'complete')];
  const point = points.find((name) => name === at);
  if (point === undefined) throw new FaultError(`at must be one of ${points.join(', ')}, or null`);
  return [point];
}

function readJobHoldPoint(at: unknown): [at?: JobHoldPoint | undefined] {
  if (at === undefined) return [];
  if (at === null) return [undefined];
  if (at !== 'new' && at !== 'working') throw new FaultError('at must be new or working, or null');
  return [at];
}

function readBatchHoldPoint(at: unknown): [at?: BatchHoldPoint | undefined] {
  if (at === undefined) return [];
  if (at === null) return [undefined];
  const point = BATCH_HOLD_POINTS.find((name) => name === at);
  if (point === undefined) throw new FaultError(`at must be one of ${BATCH_HOLD_POINTS.join(', ')}, or null`);
  return [point];
}

function addRedirects(values: readonly unknown[], { redirects }: Emulator): Answer {
  const added = values.map((value) => {
    const { fromPath, to, siteId, copy }: Record<string, unknown> =
      typeof value === 'object' && value !== null ? { ...value } : {};
    if (typeof fromPath !== 'string' || typeof to !== 'string') throw new FaultError('fromPath and to must be strings');
    return { fromPath, to, copy: copy === true, ...(siteId !== undefined && { siteId: Number(siteId) }) };
  });
  return createJsonAnswer(200, redirects.add(...added));
}

function setPermission(fields: Record<string, unknown>, github: GitHubEmulator): void {
  const permission = PERMISSIONS.find((known) => known === fields['permission']);
  if (permission === undefined) throw new FaultError(`permission must be one of ${PERMISSIONS.join(', ')}`);
  const { level } = fields;
  if (level === 'write') github.allow(permission);
  else if (level === 'read' || level === 'none') github.deny(permission, level);
  else throw new FaultError('level must be one of none, read, write');
}

function renderState({ storeHash, projects, uploads, deployments, faults, github, redirects, batches }: Emulator) {
  const { sites, list, jobs } = redirects;
  const state = { storeHash, projects, uploads, deployments, faults };
  return { ...state, redirects: { sites, list, jobs }, batches: batches.list, github: renderGitHub(github) };
}

function renderGitHub({ repository, login, deployments, comments, pullRequests, checkRuns }: GitHubEmulator) {
  return { repository, login, deployments, comments, pullRequests, checkRuns };
}
