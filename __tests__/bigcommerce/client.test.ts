/** Behaviour that the embedded platform does not show, against a server of a few lines. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createHostingClient } from '../../src/bigcommerce/client.ts';
import { temporaryFolder } from '../clean-up.ts';
import { serve } from './small-server.ts';

async function clientOf(listener: RequestListener, timeLeftMs?: () => number) {
  const server = await serve(listener);
  const stop = new AbortController();
  const masked: string[] = [];
  const hosting = createHostingClient({
    ...server,
    signal: stop.signal,
    timeLeftMs,
    maskSecret: (value) => masked.push(value),
    onRetry: () => {},
  });
  return { hosting, stop, masked };
}

test('an event id outside of Latin-1 is sent back as its UTF-8 bytes', async () => {
  const seen: string[] = [];
  const { hosting, stop } = await clientOf((request, response) => {
    seen.push(Buffer.from(String(request.headers['last-event-id'] ?? ''), 'latin1').toString('utf8'));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const status = seen.length === 1 ? 'in_progress' : 'completed';
    response.end(`id: état-✓\ndata: {"deployment_status":"${status}"}\n\n`);
  });
  const events = hosting.followDeployment('uuid', { signal: stop.signal, onReconnect: () => {}, onSkipped: () => {} });
  for await (const event of events) if (event.status === 'completed') break;
  expect(seen).toEqual(['', 'état-✓']);
});

test.each([
  ['on this machine', (origin: string) => origin, true],
  ['elsewhere', () => 'https://api.example', false],
])('a platform %s is told apart by the origin of its API', async (_, originOf, isLocal) => {
  const server = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end('data: {"deployment_status":"completed"}\n\n');
  });
  const apiOrigin = originOf(server.apiOrigin);
  const { open } = server.http;
  const http: typeof server.http = {
    ...server.http,
    open: (call) => open({ ...call, url: new URL(call.url.pathname, server.apiOrigin) }),
  };
  const stop = new AbortController();
  const options = { ...server, http, apiOrigin, signal: stop.signal, maskSecret: () => {}, onRetry: () => {} };
  const follow = { signal: stop.signal, onReconnect: () => {}, onSkipped: () => {} };
  for await (const event of createHostingClient(options).followDeployment('uuid', follow)) {
    expect(event.isLocal).toBe(isLocal);
    break;
  }
  expect.assertions(1);
});

test('a project on two pages is listed once, and a repeated cursor ends the list', async () => {
  let pages = 0;
  const { hosting } = await clientOf((_, response) => {
    pages += 1;
    const data = [{ uuid: 'u-1', name: 'shop' }];
    response.end(JSON.stringify({ data, meta: { cursor_pagination: { links: { next: '?after=same' } } } }));
  });
  expect(await hosting.findProjects('shop')).toEqual([{ uuid: 'u-1', name: 'shop', urls: [] }]);
  expect(pages).toBe(2);
});

test('a list without an end is an error and does not hang the run', async () => {
  let pages = 0;
  const { hosting } = await clientOf((_, response) => {
    pages += 1;
    const meta = { cursor_pagination: { links: { next: `?after=${pages}` } } };
    response.end(JSON.stringify({ data: [{ uuid: 'u-1', name: 'shop' }], meta }));
  });
  await expect(hosting.findProjects('shop')).rejects.toThrow('after 500 pages with 1 projects the list still goes on');
  expect(pages).toBe(500);
});

test.each(['http://storage.example/put?sig=1', 'ftp://x', 'not a url'])(
  'an upload address like %s is refused',
  async (url) => {
    const { hosting } = await clientOf((_, response) => {
      response.end(JSON.stringify({ data: { upload_url: url, upload_uuid: 'u' } }));
    });
    const upload = hosting.upload({ path: 'package.json', sizeBytes: 1 }, { sent: () => {} });
    await expect(upload).rejects.toThrow('not an https URL');
  },
);

test.each([1, 300_000])('a bundle of %d bytes that changed since it was checked is not uploaded', async (sizeBytes) => {
  const path = join(temporaryFolder(), 'bundle.zip');
  const checked = Buffer.alloc(sizeBytes, 'a');
  const changed = Buffer.from(checked);
  changed[sizeBytes - 1] = 'b'.charCodeAt(0);
  const sha256 = createHash('sha256').update(checked).digest('hex');
  let received = 0;
  let swap = () => writeFileSync(path, changed);
  const { hosting } = await clientOf((request, response) => {
    if (request.method === 'PUT') {
      request.on('error', () => {}).resume();
      request.on('end', () => {
        received += 1;
        response.end();
      });
      return;
    }
    swap();
    const upload_url = `http://${request.headers.host}/put`;
    response.end(JSON.stringify({ data: { upload_url, upload_uuid: '3f2504e0-4f89-11d3-9a0c-0305e82c3301' } }));
  });
  writeFileSync(path, checked);
  const upload = () => hosting.upload({ path, sizeBytes, sha256 }, { sent: () => {} });
  await expect(upload()).rejects.toMatchObject({
    title: 'File changed',
    message: expect.stringContaining('is not the one that was checked'),
    fix: expect.stringContaining('no other step or job writes to it'),
  });
  expect(received).toBe(0);
  swap = () => writeFileSync(path, checked);
  await upload();
  expect(received).toBe(1);
});

test('an answer larger than any of the API counts as lost, and the request is not repeated', async () => {
  let requests = 0;
  const { hosting } = await clientOf((_, response) => {
    requests += 1;
    response.on('error', () => {}).end(Buffer.alloc(9 * 1024 * 1024, ' '));
  });
  await expect(hosting.findProjects('shop')).rejects.toThrow(/GET \S+ sent an answer of more than 8388608 bytes/);
  expect(requests).toBe(1);
});

test('all retries of signing and uploading share the time of one step for the waits that the platform asks for', async () => {
  const asked: string[] = [];
  const { hosting } = await clientOf(
    (request, response) => {
      const { host } = request.headers;
      asked.push(request.method ?? '');
      if (request.method === 'PUT') response.writeHead(503).end();
      else if (asked.at(-2) !== 'POST') response.writeHead(429, { 'retry-after': '1' }).end();
      else response.end(JSON.stringify({ data: { upload_url: `http://${host}/put`, upload_uuid: 'u' } }));
    },
    () => 1800,
  );
  const upload = hosting.upload({ path: 'package.json', sizeBytes: 1 }, { sent: () => {} });
  await expect(upload).rejects.toThrow('asks to wait 1 s before the next try, which is more than is left');
  expect(asked).toEqual(['POST', 'POST', 'PUT', 'POST']);
});

test('an invalid UUID does not get into URLs, outputs or the log', async () => {
  const { hosting } = await clientOf((_, response) => {
    response.end(JSON.stringify({ data: { deployment_uuid: '../../x\n::error::y' } }));
  });
  const answer = await hosting.createDeployment({ projectUuid: 'p', uploadUuid: 'u', variables: [] }, () => {});
  expect(answer).toMatchObject({ kind: 'uncertain' });
});

const REQUEST = { projectUuid: 'p', uploadUuid: 'u', variables: [] };

test.each([
  // The refusal names the upload.
  [404, { errors: { upload_uuid: 'not found' } }, 'upload-gone'],
  [422, { errors: { upload_uuid: 'expired' } }, 'upload-gone'],
  [400, { errors: { upload_uuid: 'x' } }, 'upload-gone'],
  [410, { errors: { upload_uuid: 'x' } }, 'upload-gone'],
  [404, { title: 'No such upload.' }, 'upload-gone'],
  [400, { title: 'The Upload has expired.' }, 'upload-gone'],
  [410, { title: 'That upload is gone.' }, 'upload-gone'],
  // A 422 says by its fields what it is about; a word in its title may be about anything.
  [422, { title: 'The upload is a part of this.' }, undefined],
  [404, { title: 'Uploads are not enabled.' }, undefined],
  [404, { title: 'Not found.' }, undefined],
  [404, {}, undefined],
  [404, { errors: { project_uuid: 'not found' } }, undefined],
  [403, { errors: { upload_uuid: 'x' } }, undefined],
  [401, { title: 'No upload for you.' }, undefined],
])('creating a deployment that is refused with %s %j is %s', async (status, json, kind) => {
  const { hosting } = await clientOf((_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  });
  const answer = await hosting.createDeployment(REQUEST, () => {}).catch((error: unknown) => ({ error }));
  expect(answer).toMatchObject({ ...(kind !== undefined && { kind }), error: { status } });
  expect('kind' in answer).toBe(kind !== undefined);
});

test('a conflict and a fault of the server say how long to wait', async () => {
  const statuses = [409, 503];
  const { hosting } = await clientOf((_, response) => {
    response.writeHead(statuses.shift() ?? 500, { 'retry-after': '3' }).end('{}');
  });
  expect(await hosting.createDeployment(REQUEST, () => {})).toEqual({ kind: 'conflict', namedWaitMs: 3000 });
  expect(await hosting.createDeployment(REQUEST, () => {})).toMatchObject({
    ...{ kind: 'uncertain', namedWaitMs: 3000, error: { status: 503 } },
  });
});

test.each([
  [[], {}],
  [
    [{ type: 'secret' as const, key: 'A', value: 'b' }],
    { environment_variables: [{ type: 'secret', key: 'A', value: 'b' }] },
  ],
])('a deployment is created with the variables %j, or without any', async (variables, expected) => {
  const bodies: unknown[] = [];
  const { hosting } = await clientOf(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    bodies.push(JSON.parse(String(Buffer.concat(chunks))));
    response.end(JSON.stringify({ data: { deployment_uuid: '0f8fad5b-d9cb-469f-a165-70867728950e' } }));
  });
  const stages: string[] = [];
  const answer = await hosting.createDeployment({ ...REQUEST, variables }, (stage) => stages.push(stage));
  expect(answer).toEqual({ kind: 'created', deploymentUuid: '0f8fad5b-d9cb-469f-a165-70867728950e' });
  expect(bodies).toEqual([{ project_uuid: 'p', upload_uuid: 'u', ...expected }]);
  expect(stages).toEqual(['sending']);
});
