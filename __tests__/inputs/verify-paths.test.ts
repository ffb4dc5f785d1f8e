/** The grammar of `verify-paths`. */
import { describe, expect, test } from '@jest/globals';
import type { PathCheck } from '../../src/domain/verification/checks.ts';
import { parsePathLine } from '../../src/inputs/verify-paths.ts';
import { problemsOf, read } from './helpers.ts';

function pathsOf(text: string): readonly PathCheck[] {
  const { verification } = read({ 'verify-paths': text }).inputs;
  return verification === 'off' ? [] : verification.paths;
}

function lineOf(line: string): PathCheck | string | undefined {
  const parsed = parsePathLine(line);
  return parsed.ok ? parsed.value : parsed.problem;
}

describe('a line', () => {
  test.each<[string, PathCheck]>([
    ['/', { path: '/' }],
    ['  /cart\t200 ', { path: '/cart', status: 200 }],
    [
      '/search?term=x&sort=%22a%22 200 contains "Results"',
      { path: '/search?term=x&sort=%22a%22', status: 200, contains: 'Results' },
    ],
    ['/old 301 location /new', { path: '/old', status: 301, location: '/new' }],
    ['/old location https://shop.example/new?a=b#c', { path: '/old', location: 'https://shop.example/new?a=b#c' }],
    ['/old location "/new"', { path: '/old', location: '/new' }],
    ['/gone contains "Not here" 404', { path: '/gone', status: 404, contains: 'Not here' }],
    ['/x contains word', { path: '/x', contains: 'word' }],
    ['/x contains "200" # the shop has so many', { path: '/x', contains: '200' }],
    ['/x contains "#1 in town"', { path: '/x', contains: '#1 in town' }],
    [String.raw`/x contains "say \"Hi\" \\ \u00e9\n"`, { path: '/x', contains: 'say "Hi" \\ é\n' }],
    [String.raw`/x contains 'it''s \n "so"'`, { path: '/x', contains: String.raw`it's \n "so"` }],
    ['/x contains "a\tb"', { path: '/x', contains: 'a\tb' }],
    ['/é?q="x"', { path: '/é?q="x"' }],
    ['/x 599', { path: '/x', status: 599 }],
  ])('%s', (line, check) => {
    expect(lineOf(line)).toEqual(check);
  });

  test.each(['', '   ', '\t', '# note', '  # /cart 200'])('%j wishes for nothing', (line) => {
    expect(lineOf(line)).toBeUndefined();
  });

  test.each([
    ['cart', 'does not begin with `/`'],
    ['https://shop.example/cart', 'no scheme and no host'],
    ['//shop.example/cart', 'begins with `//`'],
    ['/\\shop.example', 'begins with `//`'],
    ['/a\\b', 'a backslash'],
    ['/cart#top', 'a fragment'],
    ['"/cart"', 'the path is in quotes'],
    [`/${'x'.repeat(2000)}`, 'more than 2000 characters'],
    ['/a\u0000b', 'a control character'],
    ['/x 99', 'not one of 100 to 599'],
    ['/x 600', 'not one of 100 to 599'],
    ['/x 0200', 'not one of 100 to 599'],
    ['/x 200 301', 'more than one status'],
    ['/x contains a contains b', 'more than one `contains`'],
    ['/x contains', 'nothing behind `contains`'],
    ['/x contains ""', 'nothing behind `contains`'],
    ['/x 301 location', 'nothing behind `location`'],
    ['/x contains # note', 'nothing behind `contains`'],
    ['/x contains two words', 'neither a status, `location` nor `contains`'],
    ['/x Contains "a"', 'neither a status, `location` nor `contains`'],
    ['/x "200"', 'neither a status, `location` nor `contains`'],
    ['/x contains "a', 'a quote that is never closed'],
    ["/x contains 'its", 'a quote that is never closed'],
    ["/x contains 'a'b", 'text right behind a closing quote'],
    [String.raw`/x contains "a\"`, 'a quote that is never closed'],
    ['/x contains "a"b', 'text right behind a closing quote'],
    [String.raw`/x contains "\d"`, 'an invalid escape'],
    ['/x 200 location /y', 'a status that is no redirect'],
    ['/x 301 location y', 'neither a path'],
    ['/x 301 location //y', 'neither a path'],
    ['/x 301 location ftp://y/', 'neither a path'],
    ['/x 301 location https://me:pass@shop.example/', 'neither a path'],
    ['/x 301 location https://me@shop.example/', 'neither a path'],
    ['/x 301 location "/a b"', 'neither a path'],
  ])('%s is wrong', (line, problem) => {
    expect(lineOf(line)).toContain(problem);
  });
});

test('the lines are taken in their order, and replace the home page', () => {
  expect(pathsOf('\n# shop\n/cart\r\n\r\n/ 200\n')).toEqual([{ path: '/cart' }, { path: '/', status: 200 }]);
});

test('comments alone are none', () => {
  expect(pathsOf('# /cart\n')).toEqual([{ path: '/' }]);
});

test('each kind of problem has the numbers of its lines, and no text of them', () => {
  const text = '/ok\nsesame-1\n\nsesame-2\n/x 200 sesame-3\n/y 999';
  expect(problemsOf({ 'verify-paths': text })).toEqual([
    {
      input: 'verify-paths',
      problem: expect.stringMatching(/^lines 2, 4: the path does not begin/),
      remedy: expect.stringContaining('/cart 200'),
    },
    {
      input: 'verify-paths',
      problem: expect.stringMatching(/^line 5: a word that is neither/),
      remedy: expect.any(String),
    },
    { input: 'verify-paths', problem: expect.stringMatching(/^line 6: the status/), remedy: expect.any(String) },
  ]);
  expect(JSON.stringify(problemsOf({ 'verify-paths': text }))).not.toContain('sesame');
});

test('a path is given once', () => {
  expect(problemsOf({ 'verify-paths': '/a\n/b\n/a 200\n/b?x' })).toEqual([
    { input: 'verify-paths', problem: 'lines 1, 3: the same path.', remedy: 'Give each path once.' },
  ]);
});

test('at most 50 paths', () => {
  const lines = Array.from({ length: 51 }, (_, index) => `/${index}`);
  expect(pathsOf(lines.slice(1).join('\n'))).toHaveLength(50);
  expect(problemsOf({ 'verify-paths': lines.join('\n') })).toEqual([
    { input: 'verify-paths', problem: 'It has 51 paths.', allowed: 'at most 50.' },
  ]);
});
