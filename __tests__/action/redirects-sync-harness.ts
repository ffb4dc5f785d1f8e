/** What the tests of `plan` and `sync` share: runs of the two, the site as they leave it, and the pull request's comment. */
import { readFileSync } from 'node:fs';
import type { Emulator } from '../../emulator/emulator.ts';
import type { RecordedRequest } from '../../emulator/recorder.ts';
import { isCallOf } from '../../emulator/service.ts';
import { redirects } from '../../emulator/services/redirects/index.ts';
import type { FinishedRun, StartedRun } from '../../scripts/action-runner.ts';
import { onlyComment, wordsOf } from './github-comment-reading.ts';
import { pullRequestEvent } from './github-harness.ts';
import { type RedirectsRun, SITE_ID, startRedirects } from './redirects-harness.ts';

/** A site by its old paths, and where they lead: `/new` or `product 12`. */
export type Site = Readonly<Record<string, string>>;

/** On a pull request, unless another event is given. */
export async function runPlan(run: RedirectsRun): Promise<FinishedRun> {
  return await startSite('plan', { event: pullRequestEvent(run.emulator), ...run }).finished;
}

/** On a push to main, unless another event is given. */
export function startSync(run: RedirectsRun): StartedRun {
  return startSite('sync', run);
}

export async function runSync(run: RedirectsRun): Promise<FinishedRun> {
  return await startSync(run).finished;
}

/** With a comment to write. */
export async function syncOnPullRequest(run: RedirectsRun): Promise<FinishedRun> {
  return await runSync({ event: pullRequestEvent(run.emulator), ...run });
}

function startSite(command: 'plan' | 'sync', run: RedirectsRun): StartedRun {
  return startRedirects({ ...run, inputs: { command, 'site-id': String(SITE_ID), ...run.inputs } });
}

/** Puts redirects into the store, past all requests. */
export function addAll(emulator: Emulator, site: Site, siteId = SITE_ID): void {
  emulator.redirects.add(...Object.entries(site).map(([fromPath, to]) => ({ fromPath, to, siteId })));
}

/** So many redirects, `/old-1` to `/new-1`. */
export function manyOf(count: number, prefix = '/old'): Site {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`${prefix}-${index + 1}`, `/new-${index + 1}`]),
  );
}

export function siteOf(emulator: Emulator, siteId = SITE_ID): Site {
  const own = emulator.redirects.list.filter((redirect) => redirect.siteId === siteId);
  return Object.fromEntries(
    own.map(({ fromPath, to }) => [fromPath, to.type === 'url' ? to.url : `${to.type} ${to.entity_id}`]),
  );
}

/** Rows of a CSV, without their domain. */
export function rowsOf(site: Site): string[] {
  return Object.entries(site).map(([fromPath, to]) => `${fromPath},${to},,`);
}

/** Requests that could change something in the store. */
export function writesTo(emulator: Emulator): RecordedRequest[] {
  return emulator.requests.filter(({ call, method }) => isCallOf(redirects, call) && method !== 'GET');
}

/** The paths that a PUT carried, or the ids of a DELETE. */
export function sentIn({ body, query }: RecordedRequest): (string | number)[] {
  if (Array.isArray(body)) return body.map(({ from_path }: { from_path: string }) => from_path);
  return (query['id:in'] ?? '').split(',').map(Number);
}

/** What a reader of the pull request sees. */
export function commentWords(emulator: Emulator): string {
  return wordsOf(onlyComment(emulator).body);
}

export function readBackup(run: FinishedRun): string {
  return readFileSync(run.outputs['backup-file'] ?? '', 'utf8');
}
