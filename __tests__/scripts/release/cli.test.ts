import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { beforeEach, expect, jest, test } from '@jest/globals';
import { ownerOf } from '../../../scripts/release/prepare.ts';
import { run } from '../../../scripts/release/release.ts';
import { onCleanUp } from '../../clean-up.ts';

const ROOT = join(import.meta.dirname, '../../..');

let printed: string;

beforeEach(() => {
  printed = '';
  for (const method of ['log', 'error'] as const) {
    const spy = jest.spyOn(console, method).mockImplementation((line) => {
      printed += `${line}\n`;
    });
    onCleanUp(() => spy.mockRestore());
  }
});

test.each([
  [[], 'Which command?'],
  [['frob'], 'There is no command "frob".'],
  [['verify', 'v1.2.3'], 'verify does not take "v1.2.3".'],
  [['prepare'], '"" is no version, such as 1.2.3 or 1.2.3-rc.1.'],
  [['prepare', '1.2'], '"1.2" is no version, such as 1.2.3 or 1.2.3-rc.1.'],
  [['prepare', '1.2.3', 'now'], 'prepare does not take "now".'],
  [['--dry-run', 'soon'], '"soon" is no version'],
  [['--force'], "Unknown option '--force'"],
  [['assets'], 'Which tag? None is given.'],
  [['publish', '--tag', 'v1'], 'Which tag? v1 is given.'],
  [['publish', '--tag', 'v1.2.3'], 'it needs GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_SHA.'],
])('%j is a mistake of usage', async (args, message) => {
  expect(await run(ROOT, args, {})).toBe(1);
  expect(printed).toContain(message);
  expect(printed).toContain('npm run release -- <command>');
});

test('on GitHub the tag is that of the run, and what is wrong is an annotation', async () => {
  const env = { GITHUB_ACTIONS: 'true', GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v1.2\n%' };
  expect(await run(ROOT, ['verify'], env)).toBe(1);
  expect(printed).toBe(
    '::error title=Release::"v1.2%0A%25" is no tag of a release. It must be vX.Y.Z, or vX.Y.Z-rc.1 for a pre-release.\n',
  );
});

test("a branch of a tag's name is no tag", async () => {
  expect(await run(ROOT, ['assets'], { GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: 'v1.2.3' })).toBe(1);
  expect(printed).toContain('Which tag? None is given.');
});

test('the account is found in the address of the remote', () => {
  const urls = ['https://github.com/acme/it.git', 'git@github.com:acme/it.git', 'ssh://git@github.com/acme/it'];
  expect(urls.map(ownerOf)).toEqual(['acme', 'acme', 'acme']);
  expect(['/srv/acme/it', '../it', 'https://github.com/it'].map(ownerOf)).toEqual([undefined, undefined, undefined]);
});

/** All that a script imports, at any depth. */
function importsOf(path: string, seen = new Set<string>()): Set<string> {
  for (const [, name = ''] of readFileSync(path, 'utf8').matchAll(/^(?:import|\} from)\b.*?'([^']+)';$/gm)) {
    if (seen.has(name)) continue;
    seen.add(name);
    if (name.startsWith('.')) importsOf(join(dirname(path), name), seen);
  }
  return seen;
}

test('the job that may write needs nothing but Node', () => {
  const imports = importsOf(join(ROOT, 'scripts/release/release.ts'));
  expect(imports).toContain('./publish.ts');
  expect(imports).toContain('../dist-sources.ts');
  expect([...imports].filter((name) => !name.startsWith('.') && !isBuiltin(name))).toEqual([]);
});
