/** Tags on throw-away repositories, right and wrong ones. */
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { writeArchive } from '../../../scripts/release/archive.ts';
import { releaseProblems } from '../../../scripts/release/verify.ts';
import { timeoutMs } from '../../timeouts.ts';
import { createRepository, type Repository, sbomOf, writeVersion } from './repository.ts';

const SLOW_MS = timeoutMs(60_000);

function problemsOf({ root }: Repository, tag: string): string[] {
  return releaseProblems({ root, tag, owner: 'acme', dist: 'rebuild' }, sbomOf);
}

test(
  'a tag on main is released, an annotated one and one further back, too',
  () => {
    const repository = createRepository();
    const commit = repository.tagVersion('1.2.3');
    expect(problemsOf(repository, 'v1.2.3')).toEqual([]);
    repository.git('tag', '--annotate', '--force', '--message=It', 'v1.2.3', commit);
    repository.commit('More');
    repository.git('push', '--quiet', 'origin', 'main');
    repository.git('checkout', '--quiet', 'v1.2.3');
    expect(problemsOf(repository, 'v1.2.3')).toEqual([]);
  },
  SLOW_MS,
);

test('a wrong tag is named before anything else', () => {
  const repository = createRepository();
  for (const tag of ['v1.2', '1.2.3', '', 'v1.2.3+1', 'main']) {
    expect(problemsOf(repository, tag)).toEqual([
      `"${tag}" is no tag of a release. It must be vX.Y.Z, or vX.Y.Z-rc.1 for a pre-release.`,
    ]);
  }
  expect(problemsOf(repository, 'v1.2.3')).toEqual([
    'There is no tag v1.2.3. Push it first: git tag v1.2.3 && git push origin v1.2.3',
  ]);
});

test(
  'a tag of another version is refused, with each place that says another one',
  () => {
    const repository = createRepository();
    repository.tagVersion('1.2.3');
    repository.git('tag', 'v2.0.0');
    const advice = 'says 1.2.3, not 2.0.0. Run: npm run release -- prepare 2.0.0';
    expect(problemsOf(repository, 'v2.0.0')).toEqual([
      `package.json ${advice}`,
      `package-lock.json ${advice}`,
      `package-lock.json (packages) ${advice}`,
      `src/version.ts ${advice}`,
      'CHANGELOG.md: there is no "## [2.0.0] - <date>". Move what is unreleased below one.',
      'README.md:1: acme/catalyst-deploy-action@v1 is not v2.',
      'Mend these addresses: npm run release -- prepare <version> --owner <account>',
      'SBOM: it is of catalyst-deploy-action@1.2.3, not of catalyst-deploy-action@2.0.0.',
    ]);
  },
  SLOW_MS,
);

test(
  'a tag off main is refused until it is merged, and so is one whose main is not here',
  () => {
    const repository = createRepository();
    repository.tagVersion('1.2.0');
    repository.git('checkout', '--quiet', '-b', 'backport');
    const commit = repository.tagVersion('1.1.9', 'backport');
    expect(problemsOf(repository, 'v1.1.9')).toEqual([
      `v1.1.9 (${commit}) is not in the history of main. Merge it by a pull request, then release under a new version: ` +
        'a tag that somebody may have fetched is not moved.',
    ]);
    repository.git('checkout', '--quiet', 'main');
    repository.git('merge', '--quiet', '--strategy=ours', '--message=Keep main', 'backport');
    repository.git('push', '--quiet', 'origin', 'main');
    repository.git('checkout', '--quiet', 'v1.1.9');
    expect(problemsOf(repository, 'v1.1.9')).toEqual([]);
    repository.git('update-ref', '-d', 'refs/remotes/origin/main');
    expect(problemsOf(repository, 'v1.1.9')).toEqual(['origin/main is not here: fetch it with its history.']);
  },
  SLOW_MS,
);

test(
  'a dist/ that is older than src/, or was changed by hand, is refused',
  () => {
    const repository = createRepository();
    writeVersion(repository, '1.2.3');
    repository.write('src/more.ts', '');
    repository.commit('Forget the build');
    repository.git('tag', 'v1.2.3');
    repository.git('push', '--quiet', 'origin', 'main');
    expect(problemsOf(repository, 'v1.2.3')).toEqual([
      'dist/ is older than src/: src/more.ts is newer. Run npm run build, and commit dist/.',
    ]);
    repository.git('rm', '--quiet', 'src/more.ts');
    repository.write('dist/main.js', '1.2.3 and a miner');
    repository.commit('Add to dist/');
    repository.git('tag', '--force', 'v1.2.3');
    repository.git('push', '--quiet', 'origin', 'main');
    expect(problemsOf(repository, 'v1.2.3')).toEqual(['dist/ is not what the sources give: dist/main.js: differs']);
  },
  SLOW_MS,
);

test(
  'what is committed counts, not what lies beside it',
  () => {
    const repository = createRepository();
    const commit = repository.tagVersion('1.2.3');
    repository.write('README.md', 'OWNER\n');
    repository.write('src/new.ts', '');
    const problems = problemsOf(repository, 'v1.2.3');
    expect(problems[0]).toBe('The checkout has changes that are not committed, M README.md the first of 2.');
    expect(problems.filter((problem) => problem.includes('OWNER'))).toEqual([]);
    const head = repository.commit('More');
    expect(problemsOf(repository, 'v1.2.3')[0]).toBe(
      `The checkout is at ${head}, not at v1.2.3, which is ${commit}. Check v1.2.3 out.`,
    );
  },
  SLOW_MS,
);

test(
  'placeholders, foreign addresses, files that do not belong into the archive, and missing ones are named',
  () => {
    const repository = createRepository();
    repository.write('README.md', '- uses: OWNER/catalyst-deploy-action@v1\n');
    repository.write('docs/more.md', '- uses: acne/catalyst-deploy-action/logs@v1\n');
    repository.write('logs/action.yml', 'runs:\n  using: node24\n  main: ../dist/logs.js\n  post: "../dist/main.js"\n');
    repository.write('notes.txt', '');
    repository.git('rm', '--quiet', 'LICENSE');
    symlinkSync('main.js', join(repository.root, 'dist/other.js'));
    repository.tagVersion('1.2.3');
    expect(problemsOf(repository, 'v1.2.3')).toEqual([
      'README.md:1: OWNER is a placeholder.',
      "docs/more.md:1: acne/catalyst-deploy-action/logs@v1 is not acme's.",
      'Mend these addresses: npm run release -- prepare <version> --owner <account>',
      'Archive: LICENSE is missing.',
      'Archive: docs/more.md does not belong there. Give it a line with export-ignore in .gitattributes.',
      'Archive: notes.txt does not belong there. Give it a line with export-ignore in .gitattributes.',
      'Archive: dist/other.js is no regular file (mode 120000).',
      'Archive: logs/action.yml starts dist/logs.js, which is not in it.',
    ]);
  },
  SLOW_MS,
);

test('the same commit gives an archive of the same bytes', () => {
  const repository = createRepository();
  repository.tagVersion('1.2.3');
  const [first, second] = ['first', 'second'].map((name) => {
    const path = join(repository.root, '..', name);
    writeArchive(repository.root, 'v1.2.3', '1.2.3', path);
    return readFileSync(path);
  });
  expect(first).toEqual(second);
});
