import { createHash } from 'node:crypto';
import type { Emulator } from '../../emulator/emulator.ts';

/** The backend ids in a runtime token, read as a client reads them. */
export function idsOf(runtimeToken: string): { workflow_run_backend_id: string; workflow_job_run_backend_id: string } {
  const { scp } = JSON.parse(Buffer.from(runtimeToken.split('.')[1] ?? '', 'base64url').toString()) as { scp: string };
  const [, run = '', job = ''] =
    scp
      .split(' ')
      .find((scope) => scope.startsWith('Actions.Results:'))
      ?.split(':') ?? [];
  return { workflow_run_backend_id: run, workflow_job_run_backend_id: job };
}

/** A call of the service, with the ids of the token unless `fields` has others. */
export async function callService(
  emulator: Emulator,
  method: string,
  fields: object = {},
  token: string = emulator.artifacts.runtimeToken,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const path = `twirp/github.actions.results.api.v1.ArtifactService/${method}`;
  const response = await fetch(new URL(path, emulator.artifacts.resultsUrl), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...idsOf(token), ...fields }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Where the content of a new artifact is to be put. */
export async function createArtifact(emulator: Emulator, name = 'bundle.zip', fields: object = {}): Promise<string> {
  const { status, body } = await callService(emulator, 'CreateArtifact', {
    name,
    version: 7,
    mime_type: 'application/zip',
    ...fields,
  });
  if (status !== 200) throw new Error(`create: ${status} ${JSON.stringify(body)}`);
  return `${body['signed_upload_url']}`;
}

export function putBlob(url: string, content: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { method: 'PUT', body: content, headers: { 'x-ms-blob-type': 'BlockBlob', ...headers } });
}

export function putBlock(url: string, blockId: string, content: string, headers: Record<string, string> = {}) {
  const id = encodeURIComponent(Buffer.from(blockId).toString('base64'));
  return fetch(`${url}&comp=block&blockid=${id}`, { method: 'PUT', body: content, headers });
}

export function putBlockList(url: string, blockIds: readonly string[], headers: Record<string, string> = {}) {
  const blocks = blockIds.map((id) => `<Latest>${Buffer.from(id).toString('base64')}</Latest>`).join('');
  const body = `<?xml version="1.0" encoding="utf-8"?><BlockList>${blocks}</BlockList>`;
  return fetch(`${url}&comp=blocklist`, { method: 'PUT', body, headers });
}

export function finalize(emulator: Emulator, name: string, content: string, fields: object = {}) {
  const hash = `sha256:${sha256(content)}`;
  return callService(emulator, 'FinalizeArtifact', { name, size: `${Buffer.byteLength(content)}`, hash, ...fields });
}

/** An artifact with this content; where it can be read. */
export async function storeArtifact(emulator: Emulator, content: string, name = 'bundle.zip'): Promise<string> {
  await putBlob(await createArtifact(emulator, name), content, { 'x-ms-blob-content-type': 'application/zip' });
  const { status, body } = await finalize(emulator, name, content);
  if (status !== 200) throw new Error(`finalize: ${status} ${JSON.stringify(body)}`);
  return `${(await callService(emulator, 'GetSignedArtifactURL', { name })).body['signed_url']}`;
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

export function md5(content: string): string {
  return createHash('md5').update(content).digest('base64');
}
