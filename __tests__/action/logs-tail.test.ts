/** `logs`, mode `tail`: what is logged from now on, through any number of connections. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { StartedRun } from '../../scripts/action-runner.ts';
import { requestsTo } from './github-fault-helpers.ts';
import { type DeployRun, platform, warningsOf } from './harness.ts';
import { add, expectEnd, fileLines, logged, startLogs, thrown } from './logs-harness.ts';
import { cancelAt } from './run-reading.ts';

const NUMBER_OF_CONNECTIONS = 3;

/** A run that follows the log; `opened` once it does. */
function startTail({ inputs, ...rest }: DeployRun): StartedRun & { opened: Promise<void> } {
  const opened = Promise.withResolvers<void>();
  const onLine = (line: string) => line.includes('✓ Open the log tail') && opened.resolve();
  const started = startLogs({ ...rest, inputs: { mode: 'tail', format: 'short', ...inputs }, onLine });
  return { ...started, opened: opened.promise };
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => `entry ${index + 1}`);

/** Entries one after the other, each once the connection of that number is open. */
async function addOverConnections(emulator: Emulator, connections: number): Promise<void> {
  for (let number = 1; number <= connections; number += 1) {
    await emulator.waitForRequest('logs', { count: number });
    await emulator.waitForTail(number);
    add(emulator, logged('info', `entry ${number}`));
  }
}
