/** Somebody who reads the README and nothing else: from a repository without a workflow to a storefront that is live. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { git } from '../../throw-away-git.ts';
import type { Case } from '../case.ts';
import { stepOf } from '../expect.ts';
import { type QuickStart, readQuickStart } from '../quick-start.ts';
import { settingOf } from '../settings.ts';
import type { Stage } from '../stage.ts';
import { expectDeployed } from './production.ts';

const README = fileURLToPath(new URL('../../../README.md', import.meta.url));

export const STRANGER: readonly Case[] = [
  {
    name: 'stranger',
    covers: ['README.md'],
    play: async (stage) => {
      const quickStart = readQuickStart(readFileSync(README, 'utf8'));
      setValues(stage, quickStart);
      const { file, sha } = pasteWorkflow(stage, quickStart);
      // What the table has set, and nothing else.
      const { variables, secrets } = JSON.parse(readFileSync(stage.ghState, 'utf8'));
      const run = await stage.run(file, stage.events.push('main', sha), { settings: { variables, secrets } });
      expectDeployed(stage, run, 'production', sha);
      // Where step 3 says that it is.
      const { outputs, summary } = stepOf(run, 'deploy', 'catalyst-deploy-action@');
      assert.ok(outputs['url'] && summary.includes(outputs['url']), 'the summary has the address');
    },
  },
];

/** Step 1: each value is what the second column leads to, and is typed. */
function setValues(stage: Stage, { commands }: QuickStart): void {
  for (const { line, kind, name } of commands) {
    const value = settingOf(`${kind === 'variable' ? 'vars' : 'secrets'}.${name}`, stage.emulator);
    stage.runLine(line, `${value}\n`);
  }
}

/** Steps 2 and 3. */
function pasteWorkflow({ repository }: Stage, { path, workflow }: QuickStart): { file: string; sha: string } {
  const file = join(repository.folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, workflow.replace(/\bOWNER\b/g, 'acme'));
  git(repository.folder, 'add', '--all');
  git(repository.folder, 'commit', '--quiet', '--message', 'Deploy');
  return { file, sha: git(repository.folder, 'rev-parse', 'HEAD') };
}
