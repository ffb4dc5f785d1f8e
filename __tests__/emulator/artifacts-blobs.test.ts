import { request as httpRequest } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { createArtifact, finalize, md5, putBlob, putBlock, putBlockList, storeArtifact } from './artifacts-helpers.ts';
import { useEmulator } from './helpers.ts';

async function codeOf(response: Response): Promise<string> {
  const text = await response.text();
  const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? text;
  expect(response.headers.get('x-ms-error-code')).toBe(code);
  return `${response.status} ${code}`;
}

describe('signatures', () => {
  test.each([
    ['another signature', (url: string) => url.replace(/sig=./, 'sig=~')],
    ['none', (url: string) => url.replace(/&sig=.*$/, '')],
    ['a longer life', (url: string) => url.replace(/([?&]se=)\d{4}/, '$12999')],
    ['more permissions', (url: string) => url.replace('sp=cw', 'sp=rcw')],
    ['another blob', (url: string) => url.replace('/artifacts/', '/artifacts/x')],
  ])('%s: 403 AuthenticationFailed', async (_, change) => {
    await using emulator = await useEmulator();
    const url = change(await createArtifact(emulator));
    expect(await codeOf(await putBlob(url, 'x'))).toBe('403 AuthenticationFailed');
    expect(await codeOf(await putBlock(url, 'a', 'x'))).toBe('403 AuthenticationFailed');
  });

  test('an expired one: 403 AuthenticationFailed, in the words of Azure, with its validity', async () => {
    await using emulator = await useEmulator();
    emulator.artifacts.setUrlLife(-1);
    const response = await putBlob(await createArtifact(emulator), 'x');
    const text = await response.text();
    expect(response.status).toBe(403);
    expect(text).toMatch(/^\ufeff?<\?xml version="1.0" encoding="utf-8"\?><Error><Code>AuthenticationFailed<\/Code>/);
    expect(text).toMatch(/RequestId:[\w-]{36}\nTime:\d{4}-/);
    expect(text).toMatch(
      /<AuthenticationErrorDetail>Signature not valid in the specified time frame: Start \[.*GMT\] - Expiry \[.*GMT\] - Current \[.*GMT\]</,
    );
  });

  test('one for writing opens nothing for reading, and vice versa', async () => {
    await using emulator = await useEmulator();
    const upload = await createArtifact(emulator, 'other.zip');
    expect(await codeOf(await fetch(upload))).toBe('403 AuthorizationPermissionMismatch');
    const download = await storeArtifact(emulator, 'content');
    expect(await codeOf(await putBlob(download, 'x'))).toBe('403 AuthorizationPermissionMismatch');
    expect(await codeOf(await fetch(upload, { method: 'DELETE' }))).toBe('403 AuthorizationPermissionMismatch');
    expect(await codeOf(await fetch(download, { method: 'DELETE' }))).toBe('405 UnsupportedHttpVerb');
  });
});

describe('writing', () => {
  test('blocks become a blob in the order of the list, the last one of each id; others are dropped', async () => {
    await using emulator = await useEmulator();
    const url = await createArtifact(emulator);
    for (const [id, content] of [
      ['b', 'world'],
      ['a', 'old'],
      ['a', 'hello '],
      ['c', 'dropped'],
    ] as const) {
      const response = await putBlock(url, id, content, { 'content-md5': md5(content), 'x-ms-client-request-id': id });
      expect(response.status).toBe(201);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-md5': md5(content),
        'x-ms-client-request-id': id,
        'x-ms-request-id': expect.stringMatching(/^[\w-]{36}$/),
        'x-ms-request-server-encrypted': 'true',
        'x-ms-version': expect.any(String),
      });
    }
    const committed = await putBlockList(url, ['a', 'b'], { 'x-ms-blob-content-type': 'application/zip' });
    expect(committed.status).toBe(201);
    expect(committed.headers.get('etag')).toMatch(/^"0x8D[0-9A-F]+"$/);
    expect(committed.headers.get('content-md5')).toBeNull();
    expect((await finalize(emulator, 'bundle.zip', 'hello world')).status).toBe(200);
    expect(await codeOf(await putBlockList(url, ['c']))).toBe('400 InvalidBlockList');
    // As for a client whose answer was lost.
    expect((await putBlockList(url, ['a', 'b'])).status).toBe(201);
    expect(await codeOf(await putBlockList(url, ['b', 'a']))).toBe('400 InvalidBlockList');
  });

  test('rejects blocks that Azure rejects', async () => {
    await using emulator = await useEmulator();
    const url = await createArtifact(emulator);
    await putBlock(url, 'aaa', 'x');
    expect(await codeOf(await putBlock(url, 'aaaaaaa', 'x'))).toBe('400 InvalidBlobOrBlock');
    expect(await codeOf(await putBlock(url, 'bbb', 'x', { 'content-md5': md5('y') }))).toBe('400 Md5Mismatch');
    expect(await codeOf(await putBlock(url, 'a'.repeat(65), 'x'))).toBe('400 InvalidQueryParameterValue');
    const noBase64 = await fetch(`${url}&comp=block&blockid=%21`, { method: 'PUT', body: 'x' });
    expect(await codeOf(noBase64)).toBe('400 InvalidQueryParameterValue');
    expect(await codeOf(await putBlock(url, 'bbb', ''))).toBe('400 InvalidHeaderValue');
  });

  test('rejects lists with a missing block, and what is not a list', async () => {
    await using emulator = await useEmulator();
    const url = await createArtifact(emulator);
    await putBlock(url, 'aaa', 'x');
    expect(await codeOf(await putBlockList(url, ['aaa', 'bbb']))).toBe('400 InvalidBlockList');
    for (const body of ['', '<BlockList><Latest>', '<BlockList>x</BlockList>', '{}']) {
      const response = await fetch(`${url}&comp=blocklist`, { method: 'PUT', body });
      expect(await codeOf(response)).toBe('400 InvalidXmlDocument');
    }
    expect((await putBlockList(url, ['aaa'])).status).toBe(201);
  });

  test('accepts a blob in one request, of the right type, and returns its MD5', async () => {
    await using emulator = await useEmulator();
    const url = await createArtifact(emulator);
    expect(await codeOf(await fetch(url, { method: 'PUT', body: 'x' }))).toBe('400 MissingRequiredHeader');
    expect(await codeOf(await putBlob(url, 'x', { 'x-ms-blob-type': 'PageBlob' }))).toBe('400 InvalidHeaderValue');
    expect(await codeOf(await putBlob(url, 'x', { 'content-md5': md5('y') }))).toBe('400 Md5Mismatch');
    const response = await putBlob(url, 'x');
    expect(response.status).toBe(201);
    expect(response.headers.get('content-md5')).toBe(md5('x'));
  });

  test('requires the length in advance', async () => {
    await using emulator = await useEmulator();
    const url = await createArtifact(emulator);
    const status = await new Promise((resolve, reject) => {
      const sent = httpRequest(`${url}&comp=block&blockid=YWFh`, { method: 'PUT' }, (response) => {
        response.resume();
        resolve(`${response.statusCode} ${response.headers['x-ms-error-code']}`);
      });
      sent.on('error', reject);
      sent.write('x');
      sent.end();
    });
    expect(status).toBe('411 MissingContentLengthHeader');
  });

  test('a block that breaks off is not stored', async () => {
    await using emulator = await useEmulator();
    const url = await createArtifact(emulator);
    emulator.addFault({ call: 'artifacts.putBlock', effect: 'reset-mid-request', afterBytes: 1000 });
    await expect(putBlock(url, 'aaa', 'x'.repeat(3_000_000))).rejects.toThrow();
    expect(await codeOf(await putBlockList(url, ['aaa']))).toBe('400 InvalidBlockList');
  });
});

describe('reading', () => {
  test('gives the content under the name and type of the artifact', async () => {
    await using emulator = await useEmulator();
    const response = await fetch(await storeArtifact(emulator, 'content', 'süß 1.zip'));
    expect(await response.text()).toBe('content');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'accept-ranges': 'bytes',
      'content-disposition': `attachment; filename="s__ 1.zip"; filename*=UTF-8''s%C3%BC%C3%9F%201.zip`,
      'content-length': '7',
      'content-md5': md5('content'),
      'content-type': 'application/zip',
      etag: expect.stringMatching(/^"0x8D/),
      'last-modified': expect.stringMatching(/GMT$/),
      'x-ms-blob-type': 'BlockBlob',
    });
  });

  test.each([
    [{ range: 'bytes=2-4' }, 206, 'nte', 'bytes 2-4/7'],
    [{ range: 'bytes=5-' }, 206, 'nt', 'bytes 5-6/7'],
    [{ range: 'bytes=5-100' }, 206, 'nt', 'bytes 5-6/7'],
    [{ range: 'bytes=0-0', 'x-ms-range': 'bytes=6-6' }, 206, 't', 'bytes 6-6/7'],
    [{ range: 'lines=1-2' }, 200, 'content', null],
  ])('gives the range %j', async (headers, status, content, contentRange) => {
    await using emulator = await useEmulator();
    const response = await fetch(await storeArtifact(emulator, 'content'), { headers });
    expect(response.status).toBe(status);
    expect(await response.text()).toBe(content);
    expect(response.headers.get('content-range')).toBe(contentRange);
    expect(response.headers.get('x-ms-blob-content-md5')).toBe(status === 206 ? md5('content') : null);
  });

  test('rejects a range after the end', async () => {
    await using emulator = await useEmulator();
    const response = await fetch(await storeArtifact(emulator, 'content'), { headers: { range: 'bytes=7-' } });
    expect(response.headers.get('content-range')).toBe('bytes */7');
    expect(await codeOf(response)).toBe('416 InvalidRange');
  });

  test('HEAD gives the properties alone', async () => {
    await using emulator = await useEmulator();
    const url = await storeArtifact(emulator, 'content');
    const response = await fetch(url, { method: 'HEAD' });
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, '7', '']);
    expect(emulator.requests.at(-1)?.call).toBe('artifacts.getBlobProperties');
  });
});

describe('violations', () => {
  const place = 'sent to the artifact store';

  test('no token may be sent to the store', async () => {
    await using emulator = await useEmulator();
    const url = await createArtifact(emulator);
    const { accessToken, github, artifacts } = emulator;
    const requests: [Record<string, string>, string[]][] = [
      [{ authorization: 'Bearer x' }, [`authorization was ${place}`]],
      [{ 'x-auth-token': accessToken }, [`x-auth-token was ${place}`, `A token was ${place}`]],
      [{ 'x-other': github.token }, [`A token was ${place}`]],
      [{ 'x-other': artifacts.runtimeToken }, [`A token was ${place}`]],
    ];
    for (const [headers, messages] of requests) {
      const known = emulator.violations.length;
      await putBlob(url, 'x', headers);
      expect(emulator.violations.slice(known).map(({ message }) => message)).toEqual(messages);
    }
    expect((await putBlob(url, 'x', { authorization: 'Bearer x' })).status).toBe(403);
  });

  test('the service’s own token is no violation there', async () => {
    await using emulator = await useEmulator();
    await storeArtifact(emulator, 'content');
    expect(emulator.violations).toEqual([]);
    const headers = { authorization: `Bearer ${emulator.github.token}` };
    await fetch(new URL('twirp/x', emulator.artifacts.resultsUrl), { method: 'POST', headers });
    expect(emulator.violations.map(({ message }) => message)).toEqual([
      'A foreign token was sent to the artifact service',
    ]);
  });
});
