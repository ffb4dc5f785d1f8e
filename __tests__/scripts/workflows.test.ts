import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { followsTheRules, readWorkflow } from './workflow-rules.ts';

const FOLDER = fileURLToPath(new URL('../../.github/workflows', import.meta.url));
const PINNED = /uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;

describe.each(readdirSync(FOLDER))('%s', (name) => {
  const file = readWorkflow(FOLDER, name);
  followsTheRules(file);

  test("pins each third party's action by a full SHA, with the version beside it", () => {
    const lines = file.text
      .split('\n')
      .filter((line) => /^\s*(- )?uses: /.test(line) && !/uses: \.\/\S*$/.test(line.trim()));
    expect(lines.filter((line) => !PINNED.test(line))).toEqual([]);
  });
});

test('the other YAML of .github can be read', () => {
  const dependabot: unknown = parse(readFileSync(join(FOLDER, '../dependabot.yml'), 'utf8'));
  expect(dependabot).toMatchObject({ version: 2 });
});

test('the same linter, at one version, reads the workflows and the examples, here and in CI', () => {
  const [ci, local] = ['ci.yml', '../../.ci/run'].map((path) => readFileSync(join(FOLDER, path), 'utf8'));
  const version = /ACTIONLINT_VERSION=(v[\d.]+)/.exec(local ?? '')?.[1];
  expect(ci).toContain(`github.com/rhysd/actionlint/cmd/actionlint@${version} `);
  for (const text of [ci, local]) expect(text).toContain('.github/workflows/*.yml examples/*.yml');
});
