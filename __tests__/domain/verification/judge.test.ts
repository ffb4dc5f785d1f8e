import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { PathCheck } from '../../../src/domain/verification/checks.ts';
import { identifyBuild } from '../../../src/domain/verification/identity.ts';
import { judgePage } from '../../../src/domain/verification/judge.ts';
import type { PageAnswer, PageFault } from '../../../src/domain/verification/page.ts';
import { answered, HOSTS, hop, noAnswer, page } from './answers.ts';

const judge = (check: Partial<PathCheck>, answer: PageAnswer) => judgePage({ path: '/', ...check }, answer, HOSTS);
const FAILED = '<template data-dgst="12"></template>';
const NEXT = '<script src="/_next/static/a.js"></script>';

describe('without a wish', () => {
  test('200 is healthy, also after redirects within the storefront, and its times are told', () => {
    expect(judge({}, page(200, 'abc'))).toEqual({ state: 'healthy', status: 200, bytes: 3, firstByteMs: 20 });
    const moved = answered([hop(308, '/cart', '/cart/'), hop(200, 'https://www.example.com/cart/')]);
    expect(judge({}, moved)).toMatchObject({ state: 'healthy', status: 200 });
  });

  test.each([
    [page(500), 'answers 500'],
    [page(404), 'answers 404'],
    [page(204), 'answers 204'],
    [page(304), 'answers 304'],
    [answered([hop(308, '/', '/a'), hop(307, '/a', '/b'), hop(503, '/b')]), 'answers 308, then 307, then 503'],
    [page(200, FAILED), 'answers 200, but a part of it failed to render'],
    [page(200, FAILED + FAILED), 'answers 200, but 2 of its parts failed to render'],
  ])('anything else is unhealthy', (answer, problem) => {
    const { hops, bytes } = answer as Extract<PageAnswer, { kind: 'answered' }>;
    expect(judge({}, answer)).toEqual({
      ...{ state: 'unhealthy', problem, status: hops.at(-1)?.status, bytes, firstByteMs: 20 },
    });
  });

  test('a redirect to another host says nothing, and its host alone is told', () => {
    const verdict = judge({}, answered([hop(302, '/', 'https://login.example.net:8443/in?token=abc')]));
    expect(verdict).toMatchObject({
      ...{ state: 'inconclusive', doubt: 'obstacle', status: 302 },
      problem: 'redirects to login.example.net:8443, which is no host of this storefront',
      advice: expect.stringContaining('`302`'),
    });
    expect(JSON.stringify(verdict)).not.toContain('abc');
  });
});

test.each(['http://localhost:3000/', 'https://127.0.0.1/'])(
  'a redirect to the visitor himself is a fault: %s',
  (to) => {
    const verdict = judge({}, answered([hop(307, '/', to)]));
    expect(verdict).toMatchObject({ state: 'unhealthy', status: 307 });
    expect(verdict.problem).toMatch(/^redirects to (?:localhost:3000|127\.0\.0\.1), the visitor's own machine$/);
  },
);

test.each([
  ['http://shop.example.com/', 'redirects to shop.example.com over plain HTTP, which is not followed'],
  ['http://www.example.com/', 'redirects to www.example.com over plain HTTP, which is not followed'],
  ['mailto:a@example.com', 'redirects to what is no page'],
])('a redirect to %s is not followed, and says nothing', (to, problem) => {
  expect(judge({}, answered([hop(301, '/', to)]))).toMatchObject({ state: 'inconclusive', doubt: 'obstacle', problem });
  expect(judge({ status: 301 }, answered([hop(301, '/', to)]))).toMatchObject({ state: 'healthy' });
});

describe('a wish', () => {
  const moved = answered([hop(301, '/old?x=1', '/new?token=abc'), hop(200, '/new?token=abc')]);
  const twice = answered([hop(308, '/old', '/old/'), hop(301, '/old/', '/new'), hop(404, '/new')]);
  const away = answered([hop(302, '/old', 'https://other.example/new')]);
  const canonical = answered([hop(301, '/old', 'https://www.example.com/new'), hop(200, '/new')]);

  test.each<[string, Partial<PathCheck>, PageAnswer]>([
    ['a status', { status: 404 }, page(404)],
    ['a status of a server that fails', { status: 500 }, page(500, FAILED)],
    ['a status that else is a wall', { status: 401 }, page(401)],
    ['403', { status: 403 }, page(403)],
    ['a redirect', { status: 301 }, moved],
    ['a redirect that is not the first', { status: 301, location: '/new' }, twice],
    ['a place', { location: '/new?token=abc' }, moved],
    ['a place, and Next.js puts a slash behind it', { location: '/new' }, answered([hop(301, '/old', '/new/')])],
    ['a place, and Next.js takes the slash away', { location: '/new/' }, answered([hop(301, '/old', '/new')])],
    ['the home page', { location: '/' }, answered([hop(301, '/old', '/')])],
    ['a place under another host of the storefront', { status: 301, location: '/new' }, canonical],
    ['a place elsewhere', { status: 302, location: 'https://other.example/new' }, away],
    ['a redirect elsewhere', { status: 302 }, away],
    ['a text', { contains: 'b c' }, page(200, 'a b c')],
    ['a text in its HTML', { contains: '<h1>B' }, page(200, '<h1>B</h1>')],
    ['a text that React has split', { contains: '2 of 3' }, page(200, '<p>2<!-- --> of <!-- -->3</p>')],
    ['a text that React has escaped', { contains: `"A" & 'B'` }, page(200, '&quot;A&quot; &amp; &#x27;B&#x27;')],
    ['a text on a page with a password', { contains: 'Hello' }, page(200, 'Hello <input type=password>')],
    ['a status and a text', { status: 404, contains: 'lost' }, page(404, 'lost')],
  ])('that is met is healthy: %s', (_, check, answer) => {
    expect(judge(check, answer)).toMatchObject({ state: 'healthy' });
  });

  test.each<[Partial<PathCheck>, PageAnswer, string]>([
    [{ status: 404 }, page(200), 'answers 200, not 404'],
    [{ status: 301 }, answered([hop(308, '/', '/a'), hop(200, '/a')]), 'answers 308, then 200, not 301'],
    [{ status: 301 }, page(200), 'answers 200, not 301'],
    [{ location: '/new' }, page(200), 'answers 200, and does not redirect to /new'],
    [{ status: 301, location: '/newer' }, moved, 'redirects to /new, not to /newer'],
    [{ status: 301, location: '/new' }, moved, 'redirects to /new with something else behind it, not to /new'],
    [{ location: '/' }, answered([hop(301, '/old', '/a/')]), 'redirects to /a/, not to /'],
    [{ location: '/new' }, away, 'redirects to other.example, not to /new'],
    [{ status: 302, location: '/old' }, moved, 'answers 301, then 200, not 302'],
    [{ contains: 'Results' }, page(200, 'Welcome'), 'does not contain the text "Results"'],
    [{ contains: 'x'.repeat(200) }, page(200), `does not contain the text "${'x'.repeat(100)}…"`],
    [{ status: 404 }, page(404, FAILED), 'answers 404, but a part of it failed to render'],
    [{ contains: 'a' }, page(200, `a${FAILED}`), 'answers 200, but a part of it failed to render'],
  ])('%j that is not met is unhealthy', (check, answer, problem) => {
    expect(judge(check, answer)).toMatchObject({ state: 'unhealthy', problem });
    expect(judge(check, answer).problem).not.toContain('abc');
  });

  test('of a text is not met by what the page only carries along', () => {
    const body = `<h1>Shop</h1><script>self.__next_f.push([1,"5:{\\"notFound\\":\\"No such page\\"}\\n"])</script>`;
    expect(judge({ contains: 'No such page' }, page(200, body))).toMatchObject({ state: 'unhealthy' });
    expect(judge({ contains: 'Shop' }, page(200, body))).toMatchObject({ state: 'healthy' });
  });

  test('of a text beyond what was read is no fault of the page', () => {
    const cut = answered([hop(200)], 'start', true);
    expect(judge({ contains: 'end' }, cut)).toMatchObject({ state: 'inconclusive', doubt: 'obstacle' });
    expect(judge({ contains: 'start' }, cut)).toMatchObject({ state: 'healthy' });
  });
});

describe('in front of a storefront', () => {
  const JUST_A_MOMENT = '<html><head><title>Just a moment...</title></head></html>';
  const PASSWORD = '<form><INPUT name="p" Type="password"></form>';

  test.each<[string, PageAnswer, RegExp]>([
    ['credentials', page(401), /`Authorization: Basic/],
    ['a wall', page(403), /`X-Verification: <secret>`.*WAF/],
    ['a proxy', page(407), /https_proxy/],
    ['a limit', page(429), /limit/],
    ["Cloudflare's challenge, by its header", page(200, '', { 'cf-mitigated': 'challenge' }), /WAF/],
    ["Cloudflare's challenge, by its page", page(503, JUST_A_MOMENT), /WAF/],
    [
      "Cloudflare's challenge, by its script",
      page(503, '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1?ray=1"></script>'),
      /WAF/,
    ],
    ["Cloudflare's block", page(403, '<title>Attention Required! | Cloudflare</title>'), /WAF/],
    ["AWS WAF's challenge", page(202, '', { 'x-amzn-waf-action': 'challenge' }), /WAF/],
    ["AWS WAF's CAPTCHA", page(405, '', { 'x-amzn-waf-action': 'captcha' }), /WAF/],
    ["Imperva's challenge", page(200, '<script src="/_Incapsula_Resource?SWJIYLWA=1"></script>'), /WAF/],
    ['a page for a password', page(200, PASSWORD), /Cookie/],
    ['a page for a password, under maintenance', page(503, PASSWORD), /Cookie/],
    [
      'Cloudflare Access',
      answered([hop(302, '/', 'https://team.cloudflareaccess.com/cdn-cgi/access/login')]),
      /CF-Access/,
    ],
  ])('%s: it is inconclusive, and says what would help', (_, answer, advice) => {
    for (const wish of [{}, { status: 200 }, { status: 301, location: '/new' }, { contains: 'Results' }]) {
      expect(judge(wish, answer)).toMatchObject({
        ...{ state: 'inconclusive', doubt: 'obstacle' },
        advice: expect.stringMatching(advice),
      });
    }
  });

  test.each<[string, PageAnswer]>([
    ["Catalyst's own log-in", page(200, `${NEXT}${PASSWORD}`)],
    ['an article about challenges', page(200, `${JUST_A_MOMENT}/cdn-cgi/challenge-platform/`)],
    ["a page with Imperva's script in it", page(200, `${NEXT}<script src="/_Incapsula_Resource?x=1"></script>`)],
    ['a text about passwords', page(200, '&lt;input type="password"&gt; <!-- <input type="password"> -->')],
    ['Cloudflare lets it pass', page(200, '', { 'cf-mitigated': '' })],
  ])('nothing is: %s', (_, answer) => {
    expect(judge({}, answer)).toMatchObject({ state: 'healthy' });
  });

  test("Cloudflare's script in a page of the storefront is no challenge", () => {
    const script = '<script src="/cdn-cgi/challenge-platform/h/b/scripts/jsd/main.js"></script>';
    expect(judge({}, page(503, script))).toMatchObject({ state: 'unhealthy', problem: 'answers 503' });
  });

  test('a challenge is one even where its status is wished for', () => {
    const answer = page(403, '', { 'cf-mitigated': 'challenge' });
    expect(judge({ status: 403 }, answer)).toMatchObject({ state: 'inconclusive' });
  });
});

describe('no answer', () => {
  test.each<[PageFault, object]>([
    ['dns', { state: 'inconclusive', doubt: 'unreachable', problem: 'was not reached: no such host' }],
    ['tls', { state: 'inconclusive', doubt: 'unreachable', advice: expect.stringContaining('certificate') }],
    ['connection', { state: 'inconclusive', doubt: 'unreachable' }],
    ['proxy', { state: 'inconclusive', doubt: 'unreachable', advice: expect.stringContaining('https_proxy') }],
    ['address', { state: 'inconclusive', doubt: 'forbidden', problem: expect.stringContaining('private network') }],
    ['timeout', { state: 'unhealthy', problem: 'does not answer in time', isTimeout: true }],
    ['broken', { state: 'unhealthy', problem: 'breaks off its answer' }],
  ])('%s', (fault, verdict) => {
    expect(judge({}, noAnswer(fault))).toMatchObject(verdict);
    // Even where the way there was as wished.
    expect(judge({ status: 301 }, noAnswer(fault, [hop(301, '/', '/new')]))).toMatchObject(verdict);
  });

  test('for want of an end of redirects', () => {
    const circle = [hop(308, '/a', '/a/'), hop(308, '/a/', '/a#top')];
    const problem = (hops: typeof circle) => judge({ status: 308 }, noAnswer('redirects', hops));
    expect(problem(circle)).toEqual({ state: 'unhealthy', problem: 'redirects in a circle', status: 308 });
    const chain = Array.from({ length: 10 }, (_, index) => hop(302, `/${index}`, `/${index + 1}`));
    expect(problem(chain)).toMatchObject({ state: 'unhealthy', problem: 'redirects too often' });
  });
});

test('nothing of a page is told, whatever it is', () => {
  const secret = 'shpat-0123';
  const bodies = fc.array(
    fc.constantFrom(secret, FAILED, NEXT, '<input type=password>', '<title>Just a moment...</title>'),
  );
  const statuses = fc.constantFrom(200, 202, 301, 401, 403, 404, 429, 500, 503);
  const places = fc.option(fc.constantFrom(`/new?${secret}`, `https://other.example/${secret}`), { nil: undefined });
  const wishes = fc.record({
    status: fc.option(statuses, { nil: undefined }),
    contains: fc.constantFrom(undefined, 'text'),
  });
  fc.assert(
    fc.property(bodies, statuses, places, wishes, (body, status, to, wish) => {
      const verdict = judge(wish, answered([hop(status, '/', to, { 'set-cookie': secret })], body.join('')));
      expect(JSON.stringify(verdict)).not.toContain(secret);
      expect(verdict.problem === undefined).toBe(verdict.state === 'healthy');
      expect(verdict.doubt === undefined).toBe(verdict.state !== 'inconclusive');
      expect(verdict.advice === undefined).toBe(verdict.state !== 'inconclusive');
    }),
  );
});

test.each<[string, PageAnswer]>([
  ['matched', page(200, 'b-1')],
  ['matched', page(200, 'b-1\n')],
  ['matched', answered([hop(308, '/BUILD_ID', '/b'), hop(200, '/b')], 'b-1')],
  ['other', page(200, 'b-2')],
  ['other', page(200, 'joOjDL5xCiHQyPGcLywlG\n')],
  ['unknown', page(404, 'b-1')],
  ['unknown', page(500, 'b-2')],
  ['unknown', page(200, '')],
  ['unknown', page(200, '<!doctype html><title>Not found</title>')],
  ['unknown', page(200, '{"error":"no such route"}')],
  ['unknown', page(200, 'one\ntwo')],
  ['unknown', page(200, 'x'.repeat(201))],
  ['unknown', noAnswer('timeout')],
])('the build is %s', (identity, answer) => {
  expect(identifyBuild('b-1', answer)).toBe(identity);
});
