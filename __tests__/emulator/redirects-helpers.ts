import type { Emulator } from '../../emulator/emulator.ts';
import type { RedirectJobRecord } from '../../emulator/services/redirects/records.ts';
import { readEvents, readJson } from './helpers.ts';

export const HEADER = 'Domain,Old Path,Manual URL/Path,Dynamic Target Type,Dynamic Target ID';

/** `path` is what comes after `/storefront/redirects`. */
export function callRedirects(emulator: Emulator, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${emulator.origin}/stores/${emulator.storeHash}/v3/storefront/redirects${path}`, {
    ...init,
    headers: { 'X-Auth-Token': emulator.accessToken, ...init.headers },
  });
}

export async function listRedirects(emulator: Emulator, query = '') {
  return await readJson(callRedirects(emulator, query));
}

export function putRedirects(emulator: Emulator, body: unknown): Promise<Response> {
  return callRedirects(emulator, '', { method: 'PUT', body: JSON.stringify(body) });
}

/** A CSV with its header; each row is a line. */
export function createCsv(...rows: readonly string[]): string {
  return [HEADER, ...rows, ''].join('\n');
}

export function sendImport(emulator: Emulator, csv: string | Uint8Array<ArrayBuffer>): Promise<Response> {
  const body = new FormData();
  body.set('import_file', new File([csv], 'redirects.csv', { type: 'text/csv' }));
  return callRedirects(emulator, '/imex/import', { method: 'POST', body });
}

export function sendExport(emulator: Emulator, body: object = {}): Promise<Response> {
  return callRedirects(emulator, '/imex/export', { method: 'POST', body: JSON.stringify(body) });
}

/** The id of the job that was started. */
export async function idOf(started: Promise<Response>): Promise<string> {
  return (await readJson(started)).id;
}

export function openJobEvents(emulator: Emulator, kind: 'import' | 'export', jobId: string): Promise<Response> {
  return callRedirects(emulator, `/imex/${kind}/${jobId}/events`);
}

/** All events of a stream, parsed. */
export async function readJobEvents(response: Response | Promise<Response>) {
  return (await readEvents(await response)).map((data) => JSON.parse(data));
}

/** The job, once it is over. */
export function finishJob(emulator: Emulator, jobId: string): Promise<RedirectJobRecord> {
  return emulator.redirects.waitForJob((job) => job.jobId === jobId && job.endedAtMs !== undefined);
}
