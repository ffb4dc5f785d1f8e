/** Started by hand: the output has no runner commands, and only what was requested happens. */
import { expect, test } from '@jest/globals';
import { startAction } from '../../scripts/action-runner.ts';
import { callsOf, deploy, onCleanUp, platform, startRun, workspaceWith } from './harness.ts';

/** A runner's variables, removed again. */
const NO_RUNNER = {
  GITHUB_ACTIONS: '',
  GITHUB_OUTPUT: '',
  GITHUB_STATE: '',
  GITHUB_STEP_SUMMARY: '',
  RUNNER_DEBUG: '',
};
const SECRET = 'a-secret-of-the-store';
const ACTIONS = ['.', 'batch-upload', 'logs', 'preview-cleanup', 'preview-gate', 'redirects', 'rollback'];
const POSTS = ['.', 'preview-gate'];

test('no runner command and no secret is printed, and the outputs are', async () => {
  const emulator = await platform();
  const run = await deploy({
    emulator,
    inputs: { secrets: `KEY=${SECRET}\nDOMAIN=storefront.example`, exclude: SECRET },
    env: NO_RUNNER,
  });
  expect(run.exitCode).toBe(0);
  const text = run.everything;
  expect(run.masks).toEqual([]);
  expect(text).not.toMatch(/^\s*::/m);
  expect(text).not.toContain(SECRET);
  expect(text).not.toContain(emulator.accessToken);
  expect(text).toMatch(/^Output outcome: deployed$/m);
  expect(text).toMatch(/^Output deployment-uuid: [0-9a-f-]{36}$/m);
  // As under a runner, public values are complete in the outputs.
  expect(text).toMatch(/^Output url: https:\/\/[\w-]+\.storefront\.example$/m);
});

test('an error and a warning are plain text with their titles, and what to do', async () => {
  const emulator = await platform();
  const inputs = { secrets: 'EMPTY=', 'project-uuid': 'no-uuid' };
  const run = await deploy({ emulator, inputs, env: NO_RUNNER });
  expect(run.exitCode).toBe(1);
  expect(run.lines.join('\n')).toMatch(/^Warning: Look at the inputs: secrets: no value for EMPTY/m);
  expect(run.lines.join('\n')).toMatch(
    /^Error: Invalid input: The storefront is unchanged\.\nproject-uuid: "no-uuid"/m,
  );
  expect(run.lines.join('\n')).toMatch(/^What to do: /m);
  expect(run.everything).not.toMatch(/^\s*::/m);
});

test('debug lines are printed only with RUNNER_DEBUG, as text', async () => {
  const emulator = await platform();
  const quiet = await deploy({ emulator, inputs: { 'project-uuid': 'no-uuid' }, env: NO_RUNNER });
  expect(quiet.everything).not.toMatch(/^Debug: /m);
  emulator.addFault({ call: 'events', effect: 'reset-before', times: 1 });
  const run = await deploy({ emulator, env: { ...NO_RUNNER, RUNNER_DEBUG: '1' } });
  expect(run.lines.join('\n')).toMatch(/^Debug: /m);
  expect(run.everything).not.toMatch(/^\s*::/m);
});

test.each([
  ...ACTIONS.map((action) => ({ action, step: 'main' })),
  ...POSTS.map((action) => ({ action, step: 'post' })),
])('an argument is an error before anything else: $action, $step', async ({ action, step }) => {
  for (const argument of ['--help', `--access-token=${SECRET}`]) {
    for (const runner of [{}, NO_RUNNER]) {
      const run = await startRun({
        action,
        args: [argument],
        workspace: workspaceWith(),
        env: { ...runner, CATALYST_ACCESS_TOKEN: SECRET },
        ...(step === 'post' ? { postOf: {} } : {}),
      }).finished;
      expect({ code: run.exitCode, lines: run.lines, masks: run.masks }).toEqual({ code: 1, lines: [], masks: [] });
      expect(run.stderr).toMatch(/takes no arguments.*nothing was done.*INPUT_/is);
      expect(run.stderr).not.toContain(SECRET);
    }
  }
});

test('--help deploys nothing', async () => {
  const emulator = await platform();
  const run = await deploy({ emulator, args: ['--help'] });
  expect({ code: run.exitCode, calls: callsOf(emulator), outputs: run.outputs }).toEqual({
    code: 1,
    calls: [],
    outputs: {},
  });
});

test('a post step prints no runner command, either', async () => {
  const state = { check: JSON.stringify({ isOpen: true, id: 1, name: 'Preview', sha: 'a'.repeat(40) }) };
  const run = startAction({
    action: 'preview-gate',
    workspace: workspaceWith(),
    postOf: state,
    inputs: { 'github-token': SECRET },
    env: { ...NO_RUNNER, GITHUB_REPOSITORY: '' },
  });
  onCleanUp(() => run.kill('SIGKILL'));
  const { everything, masks } = await run.finished;
  expect(everything).not.toMatch(/^\s*::/m);
  expect([masks, everything.includes(SECRET)]).toEqual([[], false]);
});
