import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../clean-up.ts';
import { hasCommand } from '../files/helpers.ts';
import { readWorkflow } from './workflow-rules.ts';

const FOLDER = fileURLToPath(new URL('../../examples', import.meta.url));
const { steps } = readWorkflow(FOLDER, 'fork-previews-deploy.yml');
const [findPull = '', downloadOfFork = ''] = steps.flatMap((step) => step.run ?? []);
const [downloadOfOwn = ''] =
  readWorkflow(FOLDER, 'separate-jobs.yml').workflow.jobs['deploy']?.steps.flatMap((step) => step.run ?? []) ?? [];

/**
 * Prints its arguments to a log, one a line, and answers by `$ANSWER` as GitHub's own `gh` filters it, or with bytes.
 */
const GH = `#!/bin/bash
printf '%s\\n' "$@" >> "$LOG"
filter=
while [ $# -gt 0 ]; do if [ "$1" = --jq ]; then filter=$2; fi; shift; done
if [ -n "$filter" ]; then printf '%s' "$ANSWER" | jq -r "$filter"; else printf 'the zip'; fi
`;

const withTools = process.platform !== 'win32' && ['bash', 'jq'].every(hasCommand) ? describe : describe.skip;

withTools("the scripts that handle a fork's run", () => {
  const sha = 'a'.repeat(40);
  const fork = 'somebody/shop';
  let folder: string;

  beforeEach(() => {
    folder = temporaryFolder();
    writeFileSync(join(folder, 'gh'), GH, { mode: 0o755 });
    for (const name of ['log', 'output']) writeFileSync(join(folder, name), '');
  });

  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const run = (script: string, answer: unknown, env: Record<string, string>) =>
    spawnSync('bash', ['-e', '-c', script], {
      encoding: 'utf8',
      cwd: folder,
      env: {
        PATH: `${folder}${delimiter}${process.env['PATH']}`,
        LOG: join(folder, 'log'),
        ANSWER: JSON.stringify(answer),
        GITHUB_OUTPUT: join(folder, 'output'),
        GITHUB_REPOSITORY: 'acme/shop',
        RUNNER_TEMP: folder,
        ...env,
      },
    });
  const pull = (number: number, headSha = sha, repository: string | null = fork) => ({
    number,
    head: { sha: headSha, repo: repository === null ? null : { full_name: repository } },
  });
  const find = (answer: unknown, branch = 'patch') =>
    run(findPull, answer, { HEAD: `somebody:${branch}`, HEAD_REPOSITORY: fork, HEAD_SHA: sha });

  test('the pull request is the one whose head was built', () => {
    expect(find([pull(3, 'b'.repeat(40)), pull(5, sha, null), pull(6, sha, 'acme/shop'), pull(7)]).status).toBe(0);
    expect(read('output')).toBe('number=7\n');
  });

  test('a commit that is no longer a head is not an error, and nothing is deployed', () => {
    expect(find([pull(7, 'b'.repeat(40))])).toMatchObject({ status: 0, stdout: expect.stringContaining('::notice::') });
    expect(read('output')).toBe('');
  });

  test('with two pull requests neither is used', () => {
    expect(find([pull(7), pull(8)])).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('::error::More than'),
    });
    expect(read('output')).toBe('');
  });

  test("a branch's name is never executed", () => {
    const branch = '"$(touch pwned)`touch pwned`;touch pwned';
    expect(find([pull(7)], branch).status).toBe(0);
    expect(read('log').split('\n')).toContain(`head=somebody:${branch}`);
    expect(() => read('pwned')).toThrow('ENOENT');
  });

  const artifact = (id: number, bytes = 1000, expired = false) => ({ id, size_in_bytes: bytes, expired });

  describe.each([
    ['fork-previews-deploy.yml', downloadOfFork, 'fork-preview'],
    ['separate-jobs.yml', downloadOfOwn, 'storefront-build'],
  ])('the download of %s', (_file, download, name) => {
    // What a run is called by: that of stage 1, or the own one.
    const fetchBundle = (...artifacts: unknown[]) =>
      run(download, { artifacts }, { RUN_ID: '42', GITHUB_RUN_ID: '42' });

    test('the newest artifact is downloaded to a place of our own', () => {
      expect(fetchBundle(artifact(1), artifact(3), artifact(2), artifact(9, 1000, true)).status).toBe(0);
      expect(read('log')).toContain('repos/acme/shop/actions/runs/42/artifacts\n');
      expect(read('log')).toContain(`name=${name}\n`);
      expect(read('log')).toContain('repos/acme/shop/actions/artifacts/3/zip\n');
      expect(read(`${name}.zip`)).toBe('the zip');
    });

    test.each([
      ['is too large', [artifact(1, 64 * 2 ** 20 + 1)]],
      ['has expired', [artifact(1, 1000, true)]],
      ['was never made', []],
    ])('nothing is downloaded when the artifact %s', (_why, artifacts) => {
      expect(fetchBundle(...artifacts)).toMatchObject({ status: 1, stdout: expect.stringContaining('::error::') });
      expect(read('log')).not.toContain('/zip');
    });
  });
});
