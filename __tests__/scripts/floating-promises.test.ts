/** `npm run lint` finds promises that nobody waits for: the rule needs types, so a wrong set-up would find none, silently. */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '../clean-up.ts';

const SOURCE = `declare function later(): Promise<void>;
export async function all(): Promise<void> {
  later();
  later().finally(() => {});
  void later();
  await later();
  later().catch(() => {});
  [1].forEach(() => later());
}
`;

test('a promise that floats is found by the set-up of the linter, and one that is dropped on purpose is not', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'source.ts'), SOURCE);
  writeFileSync(join(folder, 'tsconfig.json'), '{ "compilerOptions": { "strict": true, "types": [] } }');
  // As npm does.
  const env = { ...process.env, PATH: `${resolve('node_modules/.bin')}${delimiter}${process.env['PATH']}` };
  const linter = resolve('node_modules/oxlint/bin/oxlint');
  const options = ['--type-aware', '--config', resolve('.oxlintrc.json'), '--format', 'unix', 'source.ts'];
  const run = promisify(execFile)(process.execPath, [linter, ...options], { cwd: folder, env });
  const { code, stdout } = await run.then(
    ({ stdout }) => ({ code: 0, stdout }),
    (error: { code: number; stdout: string }) => error,
  );
  const found = stdout.split('\n').filter((line) => line.includes('no-floating-promises'));
  expect(found.map((line) => /:(\d+):/.exec(line)?.[1])).toEqual(['3', '4']);
  expect(code).toBe(1);
});

test('`npm run lint` runs it', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  expect(scripts['lint']).toContain('oxlint --type-aware');
});
