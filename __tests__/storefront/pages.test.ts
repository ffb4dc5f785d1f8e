/** What is asked, where redirects lead, and what is sent there. Hosts below `.localhost` are different hosts here. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createCertificate } from '../../emulator/certificate.ts';
import { createCookieJar } from '../../src/storefront/cookies.ts';
import { createLatePages } from '../../src/storefront/late-pages.ts';
import { onCleanUp, temporaryFolder } from '../clean-up.ts';
import { answered, get, type Storefront, startPages, startStorefront, startTlsStorefront, trust } from './helpers.ts';

type Rules = Readonly<Record<string, { status?: number; location?: string; cookies?: string[] }>>;

/** Redirects by `host path`, or by path alone; what it does not know is a page that shows the headers it was asked with. */
async function startRedirects(rules: (port: number) => Rules): Promise<Storefront> {
  const storefront: Storefront = await startStorefront((request, response) => {
    const { host = '', ...headers } = request.headers;
    const known = rules(storefront.port);
    const rule = known[`${host.replace(/:\d+$/, '')} ${request.url}`] ?? known[request.url ?? ''];
    if (rule?.location !== undefined) response.setHeader('location', rule.location);
    if (rule?.cookies !== undefined) response.setHeader('set-cookie', rule.cookies);
    response.writeHead(rule?.status ?? (rule?.location === undefined ? 200 : 302));
    response.end(rule?.location === undefined ? JSON.stringify(headers) : 'elsewhere');
  });
  return storefront;
}

function hostsOf(port: number, ...names: string[]): Set<string> {
  return new Set(names.map((name) => `${name}.localhost:${port}`));
}

const headersIn = ({ body }: { body: string }) => JSON.parse(body) as Record<string, string>;

test('a page is asked by GET, as a browser would, and comes with status, headers and length', async () => {
  const { port, asked } = await startStorefront((request, response) => {
    response.setHeader('X-Seen', 'Yes');
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    response.writeHead(418).end(`${request.method} ünd ${JSON.stringify(request.headers)}`);
  });
  const page = answered(await get(`http://shop.localhost:${port}/a?b=c#d`, { headers: { 'X-Pass': 'word' } }));
  expect(asked).toEqual(['shop.localhost /a?b=c']);
  expect(page.hops).toEqual([
    {
      status: 418,
      url: new URL(`http://shop.localhost:${port}/a?b=c`),
      location: undefined,
      headers: expect.objectContaining({ 'x-seen': 'Yes', 'set-cookie': 'a=1, b=2' }),
    },
  ]);
  expect(page).toMatchObject({ isCut: false, bytes: Buffer.byteLength(page.body) });
  expect(page.body).toMatch(/^GET ünd /);
  expect(JSON.parse(page.body.slice('GET ünd '.length))).toEqual({
    host: `shop.localhost:${port}`,
    connection: 'keep-alive',
    'user-agent': 'test/1',
    accept: expect.stringContaining('text/html'),
    'accept-encoding': 'gzip, br, deflate',
    'x-pass': 'word',
  });
  expect(page.firstByteMs).toBeGreaterThan(0);
});

test('the next page comes over the same connection, after redirects, too', async () => {
  const { port, connections } = await startRedirects(() => ({ '/old': { location: '/new' } }));
  const pages = startPages();
  for (let count = 0; count < 3; count += 1) answered(await get(`http://shop.localhost:${port}/old`, {}, pages));
  expect(connections()).toBe(1);
});

test.each([301, 302, 303, 307, 308])('a %i is followed, and each answer is told', async (status) => {
  const { port, asked } = await startRedirects(() => ({ '/old': { status, location: 'new?x#y' } }));
  const { hops, body } = answered(await get(`http://shop.localhost:${port}/old`));
  expect(asked).toEqual(['shop.localhost /old', 'shop.localhost /new?x']);
  expect(hops.map((hop) => [hop.status, hop.url.pathname, hop.location?.href])).toEqual([
    [status, '/old', `http://shop.localhost:${port}/new?x#y`],
    [200, '/new', undefined],
  ]);
  expect(body).not.toBe('elsewhere');
});

test.each([
  [300, '/new'],
  [304, '/new'],
  [201, '/new'],
  [302, undefined],
  [302, 'http://[half'],
  [302, ''],
])('a %i that leads to %s is the last answer, and leads nowhere', async (status, location) => {
  const rule = location === undefined ? { status } : { status, location };
  const { port, asked } = await startRedirects(() => ({ '/old': rule }));
  const { hops } = answered(await get(`http://shop.localhost:${port}/old`));
  expect(asked).toHaveLength(1);
  expect(hops).toEqual([expect.objectContaining({ status, location: undefined })]);
});

test.each([
  'http://other.localhost:1/',
  'https://shop.localhost/',
  '//shop.localhost:1/x',
  'javascript:alert(1)',
  'file:///etc/passwd',
  'data:text/html,x',
])('a redirect to %s is the last answer: it leads out of the storefront', async (location) => {
  const { port } = await startRedirects(() => ({ '/': { location } }));
  const { hops, body } = answered(await get(`http://shop.localhost:${port}/`));
  expect(hops).toHaveLength(1);
  expect(hops[0]?.location?.href).toBe(new URL(location, 'http://x/').href);
  expect(body).toBe('elsewhere');
});

test('the headers of the user go to the first host only, and do not come back with a redirect', async () => {
  const { port } = await startRedirects((own) => ({
    'one.localhost /': { location: '/again' },
    'one.localhost /again': { location: `http://two.localhost:${own}/` },
    'two.localhost /': { location: `http://one.localhost:${own}/back` },
  }));
  const headers = { 'X-Pass': 'word', Cookie: 'gate=open' };
  const hosts = hostsOf(port, 'one', 'two');
  const first = answered(await get(`http://one.localhost:${port}/page`, { headers, hosts }));
  expect(headersIn(first)).toMatchObject({ 'x-pass': 'word', cookie: 'gate=open' });
  const last = answered(await get(`http://one.localhost:${port}/`, { headers, hosts }));
  expect(last.hops.map(({ url }) => `${url.hostname}${url.pathname}`)).toEqual([
    'one.localhost/',
    'one.localhost/again',
    'two.localhost/',
    'one.localhost/back',
  ]);
  expect(headersIn(last)).not.toHaveProperty('x-pass');
  expect(headersIn(last)).not.toHaveProperty('cookie');
});

test('another port is another host', async () => {
  const other = await startRedirects(() => ({}));
  const { port } = await startRedirects(() => ({ '/': { location: `http://shop.localhost:${other.port}/` } }));
  const url = `http://shop.localhost:${port}/`;
  const headers = { 'x-pass': 'word' };
  expect(answered(await get(url, { headers })).hops).toHaveLength(1);
  const there = answered(await get(url, { headers, hosts: new Set([`shop.localhost:${other.port}`]) }));
  expect(headersIn(there)).not.toHaveProperty('x-pass');
});

test('credentials in a redirect are not sent', async () => {
  const { port } = await startRedirects((own) => ({ '/': { location: `http://user:pass@shop.localhost:${own}/x` } }));
  const page = answered(await get(`http://shop.localhost:${port}/`));
  expect(headersIn(page)).not.toHaveProperty('authorization');
  expect(page.hops.at(-1)?.url.href).toBe(`http://shop.localhost:${port}/x`);
});

test('a cookie that a redirect sets is sent from then on, to the host that set it', async () => {
  const sent: string[] = [];
  const { port } = await startStorefront((request, response) => {
    const at = `${request.headers.host?.replace(/\.localhost:\d+$/, '')} ${request.url}`;
    sent.push(`${at} ${request.headers.cookie ?? 'none'}`);
    const [location, ...cookies] = {
      'one /': ['/next', 'seen=1; Path=/; Domain=localhost', 'deep=1; Path=/deep', 'b=0'],
      'one /next': [`http://two.localhost:${port}/`, 'b=; Max-Age=0'],
      'two /': ['/next', 'two=2'],
      'two /next': [`http://one.localhost:${port}/back`],
    }[at] ?? [''];
    response.writeHead(location === '' ? 200 : 302, { location, 'set-cookie': cookies }).end();
  });
  const hosts = hostsOf(port, 'one', 'two');
  const pages = startPages();
  answered(await get(`http://one.localhost:${port}/`, { hosts, headers: { cookie: 'mine=1' } }, pages));
  // Another page begins without cookies.
  answered(await get(`http://one.localhost:${port}/page`, {}, pages));
  expect(sent).toEqual([
    'one / mine=1',
    'one /next mine=1; seen=1; b=0',
    'two / none',
    'two /next two=2',
    'one /back seen=1',
    'one /page none',
  ]);
});

test('cookies of the storefront replace those of the user, and know paths and ends', async () => {
  const { port } = await startRedirects(() => ({
    '/': { location: '/deep/a', cookies: ['gate=mine', 'deep=1; path=/deep', 'dee=1; path=/dee', 'x=é', 'over=1'] },
    '/deep/a': { location: '/deep/b', cookies: ['over=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/', '=nameless'] },
  }));
  const headers = { cookie: 'gate=given; kept=1' };
  const page = answered(await get(`http://shop.localhost:${port}/`, { headers }));
  expect(headersIn(page)['cookie']).toBe('kept=1; gate=mine; deep=1');
});

test('no cookie, however odd, keeps the page from being asked', () => {
  const url = new URL('https://shop.example/a/b');
  const parts = fc.constantFrom(
    'a',
    '=',
    ';',
    ' ',
    '\t',
    'é',
    '\u0000',
    'Path=/',
    'Max-Age=',
    'Expires=',
    '-1',
    '__proto__',
  );
  const line = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(parts).map((texts) => texts.join('')),
  );
  fc.assert(
    fc.property(fc.array(line), fc.option(line, { nil: undefined }), (lines, given) => {
      const cookies = createCookieJar();
      cookies.store(url, lines);
      expect(cookies.header(url, undefined) ?? '').toMatch(/^[\x20-\x7e]*$/);
      cookies.header(url, given);
      expect(cookies.header(new URL('https://other.example/a/b'))).toBeUndefined();
    }),
  );
});

test('a storefront that redirects to the same page until its cookie comes back is no circle', async () => {
  const { port, asked } = await startStorefront((request, response) => {
    if (request.headers.cookie === 'session=1') response.end('the page');
    else response.writeHead(307, { location: '/', 'set-cookie': 'session=1; Path=/; Secure; HttpOnly' }).end();
  });
  expect(answered(await get(`http://shop.localhost:${port}/`)).body).toBe('the page');
  expect(asked).toHaveLength(2);
});

test('a circle ends as soon as it is closed', async () => {
  const { port, asked } = await startRedirects(() => ({
    '/a': { location: '/b#1' },
    '/b': { location: '/c' },
    '/c': { location: '/b#2' },
  }));
  expect(await get(`http://shop.localhost:${port}/a`)).toEqual({
    kind: 'none',
    fault: 'redirects',
    reason: 'it redirects in a circle',
    hops: [302, 302, 302].map((status) => expect.objectContaining({ status })),
  });
  expect(asked).toHaveLength(3);
});

test.each([
  [10, 200],
  [11, undefined],
])('%i redirects give %s', async (count, status) => {
  const { port } = await startStorefront((request, response) => {
    const at = Number(request.url?.slice(1));
    if (at < count) response.writeHead(302, { location: `/${at + 1}` }).end();
    else response.end();
  });
  const answer = await get(`http://shop.localhost:${port}/0`);
  if (status !== undefined) expect(answer).toMatchObject({ kind: 'answered', body: '' });
  else expect(answer).toMatchObject({ kind: 'none', fault: 'redirects', reason: 'more than 10 redirects' });
  expect(answer.hops.length).toBe(11);
});

test('a redirect whose body never ends is followed at once, and given up', async () => {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const { port } = await startStorefront((request, response) => {
    if (request.url === '/page') return void response.end('the page');
    response.on('close', resolve);
    response.writeHead(302, { location: '/page' }).write('more to come');
  });
  expect(answered(await get(`http://shop.localhost:${port}/`)).body).toBe('the page');
  await closed;
});

test('from http to https of a host that is known the headers go along, but not back', async () => {
  const seen: string[] = [];
  const certificate = await createCertificate(temporaryFolder());
  trust(certificate.cert);
  const secure = await startTlsStorefront(certificate, (request, response) => {
    seen.push(`${request.url} ${request.headers['x-pass']}`);
    if (request.url === '/') response.writeHead(302, { location: `http://localhost:${plain.port}/back` }).end();
    else response.end();
  });
  const plain = await startStorefront((request, response) => {
    seen.push(`${request.url} ${request.headers['x-pass']}`);
    if (request.url === '/back') response.end();
    else response.writeHead(301, { location: `https://localhost:${secure.port}${request.url}` }).end();
  });
  const options = { headers: { 'x-pass': 'word' }, hosts: new Set([`localhost:${secure.port}`]) };
  answered(await get(`http://localhost:${plain.port}/x`, options));
  expect(seen.splice(0)).toEqual(['/x word', '/x word']);
  // Its https is no host of the storefront: it is not asked.
  expect(answered(await get(`http://localhost:${plain.port}/x`, { ...options, hosts: new Set() })).hops).toHaveLength(
    1,
  );
  expect(seen.splice(0)).toEqual(['/x word']);
  // Begun with https, http is another host, and on this machine is asked all the same.
  const back = { ...options, hosts: new Set([`localhost:${plain.port}`]) };
  expect(answered(await get(`https://localhost:${secure.port}/`, back)).hops).toHaveLength(2);
  expect(seen).toEqual(['/ word', '/back undefined']);
});

test('the client whose code is loaded with the first page gives the same answers, and can be closed without one', async () => {
  await createLatePages({ userAgent: 'late/1', isLocal: true }).close();
  const { port } = await startRedirects(() => ({}));
  const pages = createLatePages({ userAgent: 'late/1', isLocal: true });
  onCleanUp(() => pages.close());
  expect(headersIn(answered(await get(`http://shop.localhost:${port}/`, {}, pages)))).toMatchObject({
    'user-agent': 'late/1',
  });
});
