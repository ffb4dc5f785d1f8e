import type { Fault } from '../../../emulator/emulator.ts';
import type { FinishedRun } from '../../action-runner.ts';
import { writeFiles } from '../../faults/scenarios/files.ts';
import type { Kind, Stage } from '../kind.ts';
import { cancelAt } from './deploying.ts';

const FILE = 'guests.jsonl';

function guest(number: number, more: object = {}): string {
  const value = { guestType: 'visitor', firstName: `Ada${number}`, email: `ada.${number}@mail.example` };
  const ref = `${String(number).padStart(8, '0')}-aaaa-4bbb-8ccc-dddddddddddd`;
  return JSON.stringify({ ref, schema: 'guest', mode: 'upsert', value, ...more });
}

function guests(count: number): string {
  return Array.from({ length: count }, (_, index) => `${guest(index + 1)}\n`).join('');
}

function start(stage: Stage, inputs: Record<string, string> = {}, files: Readonly<Record<string, string>> = {}) {
  writeFiles(stage.workspace, { [FILE]: guests(3), ...files });
  return stage.start({ action: 'batch-upload', inputs: { files: FILE, 'poll-interval-seconds': '0.1', ...inputs } });
}

async function upload(...given: Parameters<typeof start>): Promise<FinishedRun> {
  return await start(...given).finished;
}

function withFault(fault: Fault, inputs: Record<string, string> = {}, content = guests(3)): Kind['play'] {
  return async (stage) => {
    stage.emulator.addFault(fault);
    return await upload(stage, inputs, { [FILE]: content });
  };
}

export const BATCH_KINDS: readonly Kind[] = [
  { name: 'batch/success', outcome: 'success', play: async (stage) => await upload(stage) },
  {
    name: 'batch/six files',
    outcome: 'success',
    play: async (stage) => {
      const names = [1, 2, 3, 4, 5, 6].map((number) => `exports/of-the-shop/guests-of-the-month-${number}.jsonl`);
      const contents = names.map((name, index) => [name, `${guest(100 + index)}\n`]);
      return await upload(stage, { files: names.join('\n') }, Object.fromEntries(contents));
    },
  },
  {
    name: 'batch/dry run',
    outcome: 'dry-run',
    play: async (stage) =>
      await upload(stage, { 'dry-run': 'true', 'base-url': '', 'client-key': '', 'api-token': '' }),
  },
  {
    name: 'batch/records rejected',
    outcome: 'partial',
    play: withFault({ call: 'allocateBatch', effect: 'refuse-records', count: 2, code: 'E7' }),
  },
  {
    name: 'batch/records rejected, which is allowed',
    outcome: 'partial',
    isLong: 'it has a warning',
    play: withFault({ call: 'allocateBatch', effect: 'refuse-records', count: 2 }, { 'allow-failed-records': '2' }),
  },
  {
    name: 'batch/200 records rejected',
    outcome: 'partial',
    play: withFault({ call: 'allocateBatch', effect: 'refuse-records', count: 200 }, {}, guests(250)),
  },
  {
    name: 'batch/all records rejected',
    outcome: 'failed',
    play: withFault({ call: 'allocateBatch', effect: 'refuse-records', count: 3 }),
  },
  {
    name: 'batch/corrupted',
    outcome: 'corrupted',
    play: withFault({ call: 'allocateBatch', effect: 'batch-ends', status: 'corrupted' }),
  },
  {
    name: 'batch/unknown',
    outcome: 'unknown',
    play: withFault(
      { call: 'allocateBatch', effect: 'batch-stays', status: 'processing' },
      { 'timeout-minutes': '0.03' },
    ),
  },
  ...([401, 403] as const).map(
    (status): Kind => ({
      name: `batch/${status}`,
      outcome: 'error',
      play: withFault({ call: 'allocateBatch', effect: 'status', status, times: 'always' }),
    }),
  ),
  {
    name: 'batch/bad files',
    outcome: 'error',
    play: async (stage) => {
      const lines = [guest(1), '{"ref": 1', guest(2, { mode: 'delete' }), guest(3, { schema: 'pet' }), '[]', guest(1)];
      return await upload(stage, {}, { [FILE]: `${lines.join('\n')}\n` });
    },
  },
  {
    name: 'batch/bad inputs',
    outcome: 'error',
    play: async (stage) => await upload(stage, { files: '*.csv', 'poll-interval-seconds': 'often', 'api-token': '' }),
  },
  {
    name: 'batch/cancelled',
    outcome: 'cancelled',
    play: async (stage) => {
      stage.emulator.addFault({ call: 'allocateBatch', effect: 'batch-stays', status: 'processing' });
      return await cancelAt(stage, start(stage), 'inspectBatch');
    },
  },
];
