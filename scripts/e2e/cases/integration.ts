/** Our own workflow, in which the platform is started by a step. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Case } from '../case.ts';
import { expectJobs, expectStep, stepOf } from '../expect.ts';
import { copyOwnActions } from '../stand-ins.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const STEPS_TIMEOUT_MS = 300_000;

export const INTEGRATION: readonly Case[] = [
  {
    name: 'the workflow Integration',
    needs: 'curl',
    fill: (folder) => {
      copyOwnActions(folder);
      for (const name of ['.github', 'emulator', 'package.json']) {
        cpSync(join(REPOSITORY, name), join(folder, name), {
          recursive: true,
          filter: (path) => !path.includes('node_modules'),
        });
      }
    },
    play: async (stage) => {
      const workflow = join(REPOSITORY, '.github/workflows/integration.yml');
      const run = await stage.run(workflow, stage.events.push(), {
        // act would take the jobs on macOS and Windows for this machine's, too.
        only: { job: 'deploy', matrix: 'os:ubuntu-latest' },
        apiHost: 'http://127.0.0.1:4010',
        timeoutMs: STEPS_TIMEOUT_MS,
      });
      expectJobs(run, { deploy: 'success' });
      expectStep(stepOf(run, 'deploy', 'The token never went to storage'), 'success');
    },
  },
];
