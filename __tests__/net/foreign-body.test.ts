/** Bodies of a firewall or a proxy where a server's own belong: each place that reads one says what came. */
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { createHostingClient } from '../../src/bigcommerce/client.ts';
import { createRedirectsClient } from '../../src/bigcommerce/redirects-client.ts';
import type { ActionError } from '../../src/errors.ts';
import { downloadArtifact } from '../../src/github/artifact-download.ts';
import { createArtifactError } from '../../src/github/artifact-failure.ts';
import { refuseUnreadable, toFailure } from '../../src/github/failure.ts';
import { foreignBodyOf, refuseForeignBody } from '../../src/net/foreign-body.ts';
import { createRedactor } from '../../src/report/redactor.ts';
import { createBatchClient } from '../../src/sitecore-cdp/client.ts';
import { serve } from '../bigcommerce/small-server.ts';
import { temporaryFolder } from '../clean-up.ts';
import { expectLinear } from '../growth.ts';

const PAGE = '<!DOCTYPE html>\n<html><head><title>Blocked by\n policy</title></head><body>No.</body></html>';
const GZIP = gzipSync('{"data": []}');

function newPath(): string {
  return join(temporaryFolder(), 'file');
}

/** Every call is answered alike, and each is made but once. */
async function clients(listener: RequestListener) {
  const server = await serve(listener);
  const stop = new AbortController();
  // The test looks at the first problem.
  const onRetry = (_what: string, { error }: { error: Error }) => stop.abort(error);
  const options = { ...server, signal: stop.signal, onRetry, maskSecret: () => {} };
  const service = { origin: server.apiOrigin, clientKey: 'key', apiToken: 'secret-token' };
  return {
    stop,
    hosting: createHostingClient(options),
    redirects: createRedirectsClient(options),
    batches: createBatchClient({ ...options, ...service }),
    http: server.http,
    apiOrigin: server.apiOrigin,
  };
}

const failureOf = async (work: Promise<unknown>) => (await work.catch((error: unknown) => error)) as Error;

const HTML = /an HTML page \("Blocked by policy"\) where .* belongs?: a firewall or proxy most likely answered/;
const PACKED = /gzip data where .* belongs?: a firewall or proxy most likely answered/;

describe.each<[string, string | Buffer, RegExp]>([
  ['HTML', PAGE, HTML],
  ['gzip', GZIP, PACKED],
])('%s', (_, body, words) => {
  const ok: RequestListener = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(body);
  };

  test('where the JSON of BigCommerce belongs', async () => {
    const { hosting } = await clients(ok);
    expect((await failureOf(hosting.findProjects('shop'))).message).toMatch(words);
  });

  test('where the JSON of Sitecore CDP belongs', async () => {
    const { batches } = await clients(ok);
    const { message } = await failureOf(batches.find('ref'));
    // Text that looks like a record's data is not shown from a page, either.
    expect(message).toMatch(words === HTML ? /an HTML page \("… by policy"\) where JSON belongs: a firewall/ : words);
  });

  test.each([1, 5, 4096])('where events belong, in pieces of %i bytes', async (size) => {
    const { hosting, stop } = await clients((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const bytes = Buffer.from(body);
      for (let at = 0; at < bytes.length; at += size) response.write(bytes.subarray(at, at + size));
      response.end();
    });
    const reasons: string[] = [];
    const events = hosting.followDeployment('uuid', {
      signal: stop.signal,
      onReconnect: ({ isFault, reason }) => {
        reasons.push(`${isFault}: ${reason}`);
        stop.abort(new Error('seen'));
      },
      onSkipped: () => {},
    });
    await expect(async () => {
      for await (const _event of events);
    }).rejects.toThrow('seen');
    const what = words === HTML ? /an HTML page.* where events belong: a firewall/ : words;
    expect(reasons).toEqual([expect.stringMatching(what)]);
    expect(reasons[0]).toMatch(/^true/);
  });

  test('where the CSV of an export belongs', async () => {
    const { redirects } = await clients(ok);
    const path = newPath();
    expect((await failureOf(redirects.downloadExport('job', path, () => {}))).message).toMatch(words);
  });

  test('where the zip of an artifact belongs', async () => {
    const { http, apiOrigin } = await clients(ok);
    const stop = new AbortController();
    const request = { artifactId: 1, path: newPath(), maxBytes: 1000, onProgress: () => {} };
    let trouble: Error | undefined;
    const onRetry = ({ error }: { error: Error }) => {
      trouble ??= error;
      stop.abort(error);
    };
    const github = { readDownloadUrl: async () => `${apiOrigin}/zip` };
    await failureOf(downloadArtifact(request, { github, http, maskSecret: () => {}, onRetry, signal: stop.signal }));
    expect(trouble?.message).toMatch(words);
  });

  test('where the JSON of GitHub belongs', () => {
    const target = { status: 200, url: 'https://api.github.com/x', headers: { 'content-type': 'application/json' } };
    const bytes = Buffer.from(body);
    const copy = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    for (const data of [Buffer.from(body).toString('utf8'), copy]) {
      let failure: unknown;
      try {
        refuseUnreadable({ ...target, data }, { method: 'GET' });
      } catch (error) {
        failure = toFailure({ what: 'Asking', permission: undefined }, error);
      }
      expect((failure as Error).message).toMatch(words);
    }
  });

  test('where an answer of the artifact service belongs', () => {
    let message = '';
    try {
      JSON.parse(Buffer.from(body).toString('utf8'));
    } catch (error) {
      message = `Failed to CreateArtifact: Failed to make request after 5 attempts: ${(error as Error).message}`;
    }
    const refused = createArtifactError('a.zip', { kind: 'refused', message, code: undefined } as never);
    expect(refused.message).toMatch(/(?:an HTML page|gzip data) came where JSON belongs: a firewall or proxy/);
  });

  test('in a refusal', async () => {
    const { hosting } = await clients((_request, response) => void response.writeHead(403).end(body));
    expect((await failureOf(hosting.findProjects('shop'))).message).toMatch(
      /answered 403\. What came is (?:an HTML page \("Blocked by policy"\)|gzip data): a firewall or proxy may have/,
    );
  });
});

test('the error log of a batch is gzip, and not HTML', async () => {
  const packed = await clients((_request, response) => void response.end(GZIP));
  const path = newPath();
  expect(await packed.batches.downloadLog(new URL(`${packed.apiOrigin}/log`), path)).toMatchObject({ kind: 'file' });
  expect(readFileSync(path).equals(GZIP)).toBe(true);
  const page = await clients((_request, response) => void response.end(PAGE));
  expect((await failureOf(page.batches.downloadLog(new URL(`${page.apiOrigin}/log`), path))).message).toMatch(HTML);
});

test('an empty answer of the artifact service is reported as such', () => {
  const message = 'Failed to CreateArtifact: Failed to make request after 5 attempts: Unexpected end of JSON input';
  const refused = createArtifactError('a.zip', { kind: 'refused', message, code: undefined } as never);
  expect(refused.message).toContain('the answer had no content');
});

test.each([
  ['a long one', `<title>${'x'.repeat(90)} the-secret-token</title>`],
  ['one with markup', '<title>the-secret<b>-token</b></title>'],
  ['one that is cut with the page', `<!--${'x'.repeat(4050)}--><title>a page of the-secret-token</title>`],
])('a cut title is marked as cut, so that the redactor finds the start of a secret: %s', (_, body) => {
  const what = foreignBodyOf(`<html>${body}`);
  expect(what).toMatch(/^an HTML page \(".*the-sec.*…"\)$/);
  const redactor = createRedactor();
  redactor.add('the-secret-token');
  expect(redactor.redact(what ?? '')).toMatch(/\*\*\*…"\)$/);
});

test.each([
  '{"a": "<html>"}',
  '<?xml version="1.0"?><Error/>',
  'data: <html>',
  '',
  ' ',
  '<',
  'PK\u0003\u0004',
  '"old path"',
])('%j is none of these', async (body) => {
  expect(foreignBodyOf(body)).toBeUndefined();
  for (const size of [1, 3, 100]) {
    const bytes = Buffer.from(body);
    async function* chunks() {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    }
    const seen: Uint8Array[] = [];
    for await (const chunk of refuseForeignBody(chunks(), (what) => new Error(what))) seen.push(chunk);
    expect(Buffer.concat(seen).equals(bytes)).toBe(true);
  }
});

test('events are not held back', async () => {
  const seen: string[] = [];
  async function* body() {
    yield Buffer.from(':');
    expect(seen).toEqual([':']);
    yield Buffer.from('\n');
    expect(seen).toEqual([':', '\n']);
  }
  for await (const chunk of refuseForeignBody(body(), (what) => new Error(what))) seen.push(`${Buffer.from(chunk)}`);
});

test.each(['<title', '<!--', ' ', '<html', '<title>'])('a long page of %j takes linear time', async (piece) => {
  await expectLinear(50_000, (count) => foreignBodyOf(`<html>${piece.repeat(count)}`));
});

test.each([
  [403, true],
  [404, true],
  [503, false],
])(
  'a page with status %i: whether the advice begins with the firewall, before the token: %s',
  async (status, expected) => {
    const { hosting, apiOrigin } = await clients((_request, response) => {
      response.writeHead(status, { 'content-type': 'text/html', 'retry-after': '3600' }).end(PAGE);
    });
    const { fix } = (await failureOf(hosting.findProjects('shop'))) as ActionError;
    const host = apiOrigin.replace('http://', '');
    const firewall = `If there is a firewall or proxy between the runner and ${host}, have it let this request through. Else: `;
    expect(fix?.startsWith(firewall)).toBe(expected);
    expect(fix?.replace(firewall, '').length).toBeGreaterThan(20);
  },
);
