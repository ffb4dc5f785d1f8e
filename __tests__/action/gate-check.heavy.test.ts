/** The check run of a command: closed by the gate, or handed on, and closed by the post step where nobody has. */
import { describe, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { COMMANDER, checksOf, commentEvent, decisionOf, type GateRun, gate } from './gate-harness.ts';
import { bodiesOf, requestsTo, warningList } from './github-fault-helpers.ts';
import { githubPlatform } from './github-harness.ts';

const TAKEOVER = { deploy: 'true', reason: 'takeover' };

async function command(inputs: Record<string, string>, prepare: (emulator: Emulator) => void = () => {}) {
  const emulator = await githubPlatform();
  emulator.github.setRole(COMMANDER, 'write');
  prepare(emulator);
  const { name, payload } = commentEvent(emulator);
  const run: GateRun = { emulator, event: { name, payload }, inputs, env: { GITHUB_RUN_ID: '77' } };
  const main = await gate(run);
  const post = async (change: Partial<GateRun> = {}): Promise<FinishedRun> => {
    emulator.clearFaults();
    return await gate({ ...run, ...change, postOf: main.state });
  };
  return { emulator, main, post };
}

const KEEP = { 'keep-check-open': 'true' };

describe('kept open', () => {
  test('it is handed on, and closed by the post step where no deployment does', async () => {
    const { emulator, main, post } = await command({ ...KEEP, 'check-name': 'Preview <b>' });
    expect(decisionOf(main)).toEqual(TAKEOVER);
    const [checkRun] = emulator.github.checkRuns;
    expect(main.outputs['check-run-id']).toBe(`${checkRun?.id}`);
    expect(checkRun).toMatchObject({ name: 'Preview <b>', status: 'in_progress', conclusion: null });
    expect(checkRun?.detailsUrl).toBe('https://github.com/acme/storefront/actions/runs/77/attempts/1');
    expect(checksOf(emulator)).toMatchObject([{ title: 'Deploying this pull request' }]);
    expect(requestsTo(emulator, 'github.updateCheckRun')).toEqual([]);
    const after = await post();
    expect({ exitCode: after.exitCode, annotations: after.annotations }).toEqual({ exitCode: 0, annotations: [] });
    expect(checksOf(emulator)).toEqual([
      { status: 'completed', conclusion: 'cancelled', title: 'No deployment closed this check' },
    ]);
    expect(checkRun?.output.summary).toContain('The job ended before a deployment closed this check.');
    expect(checkRun?.output.summary).toContain('/actions/runs/77/');
  });

  test('the post step leaves what a deployment has closed', async () => {
    const { emulator, post } = await command(KEEP);
    Object.assign(emulator.github.checkRuns[0] ?? {}, { status: 'completed', conclusion: 'success' });
    const after = await post();
    expect({ lines: after.lines.filter((line) => !line.startsWith('::debug')), exitCode: after.exitCode }).toEqual({
      lines: [],
      exitCode: 0,
    });
    expect(requestsTo(emulator, 'github.updateCheckRun')).toEqual([]);
    expect(checksOf(emulator)).toMatchObject([{ conclusion: 'success' }]);
  });

  test('a post step that may not close it warns, and is green', async () => {
    const { emulator, post } = await command(KEEP);
    emulator.github.deny('checks');
    const after = await post();
    expect(after.exitCode).toBe(0);
    expect(warningList(after)).toEqual([expect.stringContaining('Add `checks: read`')]);
  });

  test.each([{ githubToken: '' }, { env: { GITHUB_REPOSITORY: '' } }])(
    'a post step that can reach nobody says so (%j)',
    async (change) => {
      const { emulator, post } = await command(KEEP);
      const after = await post(change);
      expect(after.exitCode).toBe(0);
      expect(warningList(after)).toEqual([expect.stringContaining('may have stayed open')]);
      expect(checksOf(emulator)).toMatchObject([{ status: 'in_progress' }]);
    },
  );

  test('its answer is lost: it is found, handed on, and not made twice', async () => {
    const { emulator, main } = await command(KEEP, (platform) =>
      platform.addFault({ call: 'github.createCheckRun', effect: 'lost-answer' }),
    );
    expect(decisionOf(main)).toEqual(TAKEOVER);
    expect(warningList(main)).toEqual([]);
    expect(emulator.github.checkRuns).toHaveLength(1);
    expect(main.outputs['check-run-id']).toBe(`${emulator.github.checkRuns[0]?.id}`);
  });

  test("another run's check of the same name is left alone", async () => {
    const first = await command(KEEP, (platform) =>
      platform.addFault({ call: 'github.createCheckRun', effect: 'status', status: 502 }),
    );
    expect(warningList(first.main)).toEqual([expect.stringContaining('could not be made or closed')]);
    expect(first.emulator.github.checkRuns).toEqual([]);
    const { name, payload } = commentEvent(first.emulator);
    const second = await gate({ emulator: first.emulator, event: { name, payload }, inputs: KEEP });
    expect(decisionOf(second)).toEqual(TAKEOVER);
    await first.post();
    expect(checksOf(first.emulator)).toMatchObject([{ status: 'in_progress' }]);
  });
});

describe('closed by the gate', () => {
  test('it says what it knows', async () => {
    const { emulator, main, post } = await command({ environment: 'stage <1>' });
    expect(decisionOf(main)).toEqual(TAKEOVER);
    expect(bodiesOf(emulator, 'github.updateCheckRun')).toMatchObject([{ status: 'completed', conclusion: 'success' }]);
    const summary = emulator.github.checkRuns[0]?.output.summary ?? '';
    expect(summary).toContain('hubot claimed the shared preview');
    expect(summary).toContain('stage &#60;1&#62;');
    expect(summary).toContain('This check does not say whether the deployment succeeds.');
    expect((await post()).lines).toEqual([]);
  });

  test('where GitHub does not take that, the post step does', async () => {
    const { emulator, main, post } = await command({}, (platform) =>
      platform.addFault({ call: 'github.updateCheckRun', effect: 'status', status: 422, times: 'always' }),
    );
    expect(decisionOf(main)).toEqual(TAKEOVER);
    expect(warningList(main)).toEqual([expect.stringContaining('could not be made or closed')]);
    expect(checksOf(emulator)).toMatchObject([{ status: 'in_progress' }]);
    await post();
    expect(checksOf(emulator)).toMatchObject([{ status: 'completed', conclusion: 'success' }]);
  });

  test('made, and its answer lost and not found by the main step: the post step finds and closes it', async () => {
    const { emulator, main, post } = await command({}, (platform) => {
      platform.addFault({ call: 'github.createCheckRun', effect: 'lost-answer' });
      platform.addFault({ call: 'github.listCheckRuns', effect: 'status', status: 422, times: 'always' });
    });
    expect(decisionOf(main)).toEqual(TAKEOVER);
    expect(warningList(main)).toHaveLength(1);
    await post();
    expect(checksOf(emulator)).toMatchObject([{ status: 'completed', conclusion: 'success' }]);
    expect(requestsTo(emulator, 'github.createCheckRun')).toHaveLength(1);
  });

  test('made, with an answer that nobody understands: found, and closed', async () => {
    const { emulator, main } = await command({}, (platform) =>
      platform.addFault({ call: 'github.createCheckRun', effect: 'reset-in-body' }),
    );
    expect(decisionOf(main)).toEqual(TAKEOVER);
    expect(checksOf(emulator)).toMatchObject([{ status: 'completed', conclusion: 'success' }]);
  });
});
