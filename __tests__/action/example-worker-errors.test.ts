/** examples/worker-errors.yml as written: errors open one issue, which is updated while it is open. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { temporaryFolder } from '../clean-up.ts';
import { readWorkflow } from '../scripts/workflow-rules.ts';
import { onPosix } from '../systems.ts';
import { ON_SCHEDULE } from './cleanup-harness.ts';
import { ourSteps, runStep } from './example-runs.ts';
import { githubPlatform } from './github-harness.ts';
import { workspaceWith } from './harness.ts';
import { add, logged, thrown } from './logs-harness.ts';

const FOLDER = fileURLToPath(new URL('../../examples', import.meta.url));
const NAME = 'worker-errors.yml';

/** GitHub's CLI with one repository, whose only issue is in a file; it knows what the example uses of it. */
const GH = `#!/usr/bin/env node
const { existsSync, readFileSync, writeFileSync, appendFileSync } = require('node:fs');
const { parseArgs } = require('node:util');
const [, , ...words] = process.argv;
const text = { type: 'string' };
const OPTIONS = {
  'label create': { force: { type: 'boolean' }, color: text, description: text },
  api: { method: text, field: { ...text, short: 'f', multiple: true }, jq: text },
  'issue edit': { body: text },
  'issue create': { title: text, label: text, body: text },
};
const call = words.splice(0, words[0] === 'api' ? 1 : 2).join(' ');
const { values, positionals } = parseArgs({ args: words, options: OPTIONS[call], allowPositionals: true });
if (!process.env.GH_TOKEN || !process.env.GH_REPO) throw new Error('not signed in');
appendFileSync('calls', call + '\\n');
if (call === 'label create') writeFileSync('label', positionals[0]);
if (call === 'api') {
  const wanted = [...new Set([values.method, ...positionals, ...values.field])].join(' ');
  if (wanted !== 'GET repos/acme/storefront/issues state=open labels=' + readFileSync('label', 'utf8') + ' per_page=100') throw new Error(wanted);
  if (values.jq !== 'map(select(.pull_request == null)) | .[0].number // empty') throw new Error(values.jq);
  if (existsSync('issue.json')) console.log('12');
}
if (call === 'issue create') writeFileSync('issue.json', JSON.stringify(values));
if (call === 'issue edit') {
  if (positionals[0] !== '12') throw new Error('no such issue');
  writeFileSync('issue.json', JSON.stringify({ ...JSON.parse(readFileSync('issue.json', 'utf8')), ...values }));
}
`;

/** Runs the job. @returns what it did with GitHub's CLI */
async function look(emulator: Emulator, folder: string): Promise<{ calls: string[]; issue: Record<string, string> }> {
  const [step] = ourSteps(NAME, 'look');
  const run = await runStep(step ?? {}, { emulator, event: ON_SCHEDULE, workspace: workspaceWith() });
  expect({ exitCode: run.exitCode, annotations: run.annotations }).toEqual({ exitCode: 0, annotations: [] });
  writeFileSync(join(folder, 'calls'), '');
  if (run.outputs['entries'] !== '0') {
    const script = readWorkflow(FOLDER, NAME).steps.find(({ run: text }) => text !== undefined)?.run ?? '';
    const env = {
      PATH: [folder, process.env['PATH']].join(delimiter),
      ...{ GH_TOKEN: 't', GH_REPO: 'acme/storefront', RUN_URL: 'https://github.com/acme/storefront/actions/runs/1' },
      ...{ ERRORS: run.outputs['errors'], EXCEPTIONS: run.outputs['exceptions'] },
    };
    execFileSync('bash', ['--noprofile', '--norc', '-e', '-c', script], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }
  const issue = join(folder, 'issue.json');
  return {
    calls: readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n'),
    issue: existsSync(issue) ? JSON.parse(readFileSync(issue, 'utf8')) : {},
  };
}

onPosix('without errors there is no issue; then one is opened, and updated', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'gh'), GH);
  chmodSync(join(folder, 'gh'), 0o755);
  const emulator = await githubPlatform();
  add(emulator, logged('warn', 'slow'));
  expect(await look(emulator, folder)).toEqual({ calls: [''], issue: {} });

  add(emulator, logged('error', 'somebody@example.com has no price'), thrown('TypeError', 'x is not a function'));
  const opened = await look(emulator, folder);
  expect(opened.calls).toEqual(['label create', 'api', 'issue create']);
  expect(opened.issue).toMatchObject({ title: 'The storefront logs errors', label: 'worker-errors' });
  expect(opened.issue['body']).toContain(
    'errors (1) or exceptions (1): https://github.com/acme/storefront/actions/runs/1',
  );
  expect(opened.issue['body']).not.toContain('somebody');

  add(emulator, logged('error', 'another'));
  const updated = await look(emulator, folder);
  expect(updated.calls).toEqual(['label create', 'api', 'issue edit']);
  expect(updated.issue).toMatchObject({ title: 'The storefront logs errors' });
  expect(updated.issue['body']).toContain('errors (2) or exceptions (1)');
});

test('the step that opens the issue runs when there are entries, with a token for issues alone', () => {
  const { jobs, steps } = readWorkflow(FOLDER, NAME);
  expect(jobs[0]?.permissions).toEqual({ issues: 'write' });
  expect(steps.map((step) => (step as { if?: string }).if)).toEqual([undefined, 'steps.logs.outputs.entries > 0']);
});
