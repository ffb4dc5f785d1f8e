/** What a failure of a call to GitHub says, and advises: from Octokit's errors, without a server. */
import { expect, test } from '@jest/globals';
import { createContractError, permissionAdvice, refuseUnreadable, toFailure } from '../../src/github/failure.ts';
import { HttpError, NetworkError } from '../../src/net/errors.ts';

const CALL = { what: 'Writing the comment', permission: 'pull-requests: write' };
/** Where nothing better is known. */
const REPORT = 'If this persists, report what the debug log says as an issue of this action.';
const FORBIDDEN =
  'Check what the token in `github-token` may do here, and the rules of the repository and its organization; if it is not GitHub that refuses, a proxy does.';
const OPEN = { what: 'Asking', permission: undefined };
const request = { method: 'POST', url: 'https://api.github.example/x?y=z' };
const REACH = 'Check that the runner reaches this host (firewall, proxy settings, DNS).';

function refused(
  status: number,
  data: unknown,
  headers: Record<string, unknown> = {},
  call: typeof CALL | typeof OPEN = CALL,
) {
  const error = Object.assign(new Error('x'), { status, request, response: { headers, data } });
  return toFailure(call, error) as HttpError;
}

test('a refusal says what it was about, and what the server says', () => {
  const error = refused(422, {
    message: 'Validation\n  failed',
    errors: ['one', { message: 'two' }, { field: 'sha', code: 'bad' }, {}, null, 7],
  });
  expect(error).toBeInstanceOf(HttpError);
  expect(error.message).toBe(
    'Writing the comment: POST https://api.github.example/x answered 422. The server says: Validation failed; one; two; sha bad.',
  );
  expect(error).toMatchObject({ fix: undefined, lastResort: REPORT });
});

test('words that are long are cut, and what is no text is shown as it is', () => {
  expect(refused(400, { message: 'x'.repeat(301) }).serverWords).toBe(`${'x'.repeat(300)}…`);
  expect(refused(400, { message: 'x'.repeat(300) }).serverWords).toBe('x'.repeat(300));
  expect(refused(400, { message: { a: 1 }, errors: 'none' }).serverWords).toBe('{"a":1}');
  for (const data of [null, undefined, 'a text', {}, 7]) expect(refused(400, data).serverWords).toBeUndefined();
});

const NOT_ACCESSIBLE = { message: 'Resource not accessible by integration' };
const PERSONAL = { message: 'Resource not accessible by personal access token' };
const LIMIT = 'GitHub limits the number of requests; a later run will do it.';

test.each<[number, unknown, Record<string, string>, string]>([
  [
    401,
    { message: 'Bad credentials' },
    {},
    'Check `github-token`, or leave the input out to use the token of the job.',
  ],
  [403, NOT_ACCESSIBLE, {}, permissionAdvice('pull-requests: write')],
  [
    403,
    PERSONAL,
    {},
    "Give the token in `github-token` the permission `pull-requests: write`: it is a person's own, which the job's `permissions:` do not change.",
  ],
  [
    404,
    { message: 'Not Found' },
    {},
    `Where the repository is private, this may be a missing permission. ${permissionAdvice('pull-requests: write')}`,
  ],
  [403, { message: 'x' }, { 'Retry-After': '3' }, LIMIT],
  [429, { message: 'x' }, { 'x-ratelimit-remaining': '0' }, LIMIT],
  [502, '', {}, 'Look at https://www.githubstatus.com.'],
  [404, { message: 'x' }, { 'retry-after': '3' }, expect.stringContaining('a missing permission') as never],
])('%s %j %j', (status, data, headers, fix) => {
  expect(refused(status, data, headers).fix).toEqual(fix);
});

test.each<[number, unknown, Record<string, string>, string]>([
  [403, { message: 'Else' }, {}, FORBIDDEN],
  [422, NOT_ACCESSIBLE, {}, REPORT],
  [403, { message: 'x' }, { 'x-ratelimit-remaining': '1' }, FORBIDDEN],
])('%s %j %j: a warning has no advice, and a run that ends by it has one', (status, data, headers, lastResort) => {
  expect(refused(status, data, headers)).toMatchObject({ fix: undefined, lastResort });
});

test('where any token is enough, no permission is advised', () => {
  expect(refused(403, NOT_ACCESSIBLE, {}, OPEN)).toMatchObject({ fix: undefined, lastResort: FORBIDDEN });
  expect(refused(404, NOT_ACCESSIBLE, {}, OPEN)).toMatchObject({ fix: undefined, lastResort: REPORT });
  expect(refused(401, {}, {}, OPEN).fix).toContain('`github-token`');
});

test.each([
  [403, {}, 60_000],
  [429, {}, 60_000],
  [403, { 'retry-after': '5' }, 5000],
  [500, {}, undefined],
])('a secondary limit (%s %j) is waited for as long as GitHub asks', (status, headers, namedWaitMs) => {
  const error = refused(status, { message: 'You have exceeded a secondary rate limit.' }, headers);
  expect(error.namedWaitMs).toBe(namedWaitMs);
});

test('the line that grants a permission keeps the others', () => {
  expect(permissionAdvice('checks: write')).toBe(
    "Add `checks: write` to the job's `permissions:`, and keep the existing lines: a `permissions:` block denies everything that it does not list.",
  );
});

function unanswered(cause: Error): NetworkError {
  return toFailure(CALL, Object.assign(new Error('x', { cause }), { status: 500, request })) as NetworkError;
}

test('no answer in time: it may have been carried out', () => {
  const error = unanswered(Object.assign(new Error('late'), { name: 'TimeoutError' }));
  expect(error).toBeInstanceOf(NetworkError);
  expect(error).toMatchObject({ delivery: 'lost-answer', fix: REACH });
  expect(error.message).toBe('Writing the comment: POST https://api.github.example/x got no answer in time.');
});

test.each([
  ['ECONNREFUSED', 'not-sent'],
  ['ECONNRESET', 'lost-answer'],
])('a connection that fails with %s: %s', (code, delivery) => {
  const error = unanswered(
    Object.assign(new Error(code), { code, syscall: code === 'ECONNREFUSED' ? 'connect' : 'read' }),
  );
  expect(error).toMatchObject({ delivery, transient: true });
  expect(error.message).toContain('POST https://api.github.example/x ');
});

test('what is no error of Octokit stays what it is', () => {
  const plain = new Error('x');
  const noAddress = Object.assign(new Error('x'), { status: 1, request: { method: 'GET', url: 'no address' } });
  const odd = Object.assign(new Error('x'), { status: 'x', request });
  const half = Object.assign(new Error('x'), { status: 500 });
  for (const error of [plain, noAddress, odd, half, 'text', undefined]) expect(toFailure(CALL, error)).toBe(error);
});

function unreadable(data: unknown, headers: Record<string, unknown> = {}, status = 200): unknown {
  try {
    refuseUnreadable({ status, url: request.url, headers, data }, request);
    return undefined;
  } catch (error) {
    return toFailure(CALL, error);
  }
}

test('an answer that broke off is lost', () => {
  expect(unreadable('{"id":', { 'content-type': 'application/JSON; charset=utf-8' })).toMatchObject({
    message: 'Writing the comment: POST https://api.github.example/x got an answer that broke off.',
    ...{ delivery: 'lost-answer', fix: REACH },
  });
});

test.each([
  ['plain words', {}, 'no JSON'],
  ['plain words', { 'content-type': 'text/plain' }, 'no JSON'],
  ['<html><title>Log in</title></html>', { 'content-type': 'application/json' }, 'an HTML page ("Log in")'],
])('an answer of something else (%s, %j) is not what GitHub documents', (data, headers, words) => {
  const error = unreadable(data, headers) as Error;
  expect(error).toMatchObject({
    title: 'GitHub gave no usable answer',
    fix: 'Check what answers at GITHUB_API_URL; there may be a proxy in between.',
  });
  expect(error.message).toContain('Writing the comment: the answer is not what GitHub documents (');
  expect(error.message).toContain(words);
});

test('bytes of a page are noticed, other bytes and JSON are let through, and so is an answer without content', () => {
  const bytes = (text: string) => new TextEncoder().encode(text).buffer;
  expect(unreadable(bytes('<!doctype html><title>No</title>'))).toBeDefined();
  for (const data of [bytes('PK'), {}, [], undefined]) expect(unreadable(data)).toBeUndefined();
  expect(unreadable('', {}, 204)).toBeUndefined();
  // A redirect is an answer only to a call that does not follow it.
  expect(unreadable('', {}, 302)).toMatchObject({ status: 302 });
});

test('an answer of another shape says which part, and keeps the reason', () => {
  const cause = new Error('x');
  const error = createContractError('Reading', ' (id)', cause);
  expect(error.message).toBe('Reading: the answer is not what GitHub documents (id).');
  expect(error.cause).toBe(cause);
});
