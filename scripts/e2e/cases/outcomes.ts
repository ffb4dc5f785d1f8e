/** How deployments end, and how later steps and jobs react to it. */
import assert from 'node:assert/strict';
import type { Case } from '../case.ts';
import {
  countCalls,
  expectGreen,
  expectJobs,
  expectNoStep,
  expectRed,
  expectStep,
  shownDeployments,
  stepOf,
} from '../expect.ts';

const UUID = /^[0-9a-f-]{36}$/;

export const OUTCOMES: readonly Case[] = [
  {
    name: 'the verdict 30, with failure() steps and outputs of the job',
    play: async (stage) => {
      const { emulator, events } = stage;
      emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 30 });
      const run = await stage.runFixture('verdict.yml', events.push());
      expectJobs(run, { deploy: 'failure', alarm: 'success' });
      const deploy = stepOf(run, 'deploy', 'deploy');
      expectRed(deploy, 'failed', /code 30/, { 'error-code': '30', 'deployment-uuid': UUID, url: '' });
      expectNoStep(run, 'deploy', 'After a success');
      assert.deepEqual(stepOf(run, 'deploy', 'After a failure').lines, ['It ended as failed with the code 30']);
      assert.deepEqual(stepOf(run, 'deploy', 'In any case').lines, ['The job is a failure']);
      const { outputs } = deploy;
      assert.deepEqual(stepOf(run, 'alarm', 'Say it').lines, [`failed 30 ${outputs['deployment-uuid']}`]);
      assert.deepEqual(shownDeployments(emulator), ['production: in_progress, failure']);
      assert.match(outputs['diagnostics-url'] ?? '', /^https:\/\/github\.com\/acme\/storefront\/actions\/runs\//);
    },
  },
  ...(['red', 'tolerated'] as const).map(
    (kind): Case => ({
      name: `a conflict, ${kind}`,
      play: async (stage) => {
        const { emulator, events } = stage;
        emulator.addFault({ call: 'createDeployment', effect: 'conflict' });
        const variables = { TOLERATED: String(kind === 'tolerated'), ON_CONFLICT: 'fail' };
        const run = await stage.runFixture('conflict.yml', events.byHand(), { variables });
        expectJobs(run, { deploy: kind === 'tolerated' ? 'success' : 'failure' });
        const step = stepOf(run, 'deploy', 'deploy');
        expectRed(step, 'conflict', /in progress/i, { 'deployment-uuid': '' });
        assert.equal(step.conclusion, kind === 'tolerated' ? 'success' : 'failure');
        const reaction = 'Somebody else is deploying';
        if (kind === 'tolerated') expectStep(stepOf(run, 'deploy', reaction), 'success');
        else expectNoStep(run, 'deploy', reaction);
        expectNoStep(run, 'deploy', 'exit 1');
        assert.deepEqual(countCalls(emulator, 'createDeployment'), { createDeployment: 1 });
      },
    }),
  ),
  {
    name: 'a conflict, waited out',
    play: async (stage) => {
      stage.emulator.addFault({ call: 'createDeployment', effect: 'conflict', durationMs: 2000 });
      const variables = { TOLERATED: 'false', ON_CONFLICT: 'wait' };
      const run = await stage.runFixture('conflict.yml', stage.events.byHand(), { variables });
      expectJobs(run, { deploy: 'success' });
      expectStep(stepOf(run, 'deploy', 'deploy'), 'success', { outcome: 'deployed' });
      assert.ok((countCalls(stage.emulator, 'createDeployment')['createDeployment'] ?? 0) > 1);
      assert.deepEqual(shownDeployments(stage.emulator), ['production: in_progress, success']);
    },
  },
  {
    name: 'a dry run on a pull request',
    play: async (stage) => {
      const run = await stage.runFixture('dry-run.yml', stage.events.pullRequest());
      expectJobs(run, { deploy: 'success' });
      const step = stepOf(run, 'deploy', 'deploy');
      expectGreen(step, 'dry-run', { 'deployment-uuid': '', url: '', 'bundle-files': '1' });
      const [line = ''] = stepOf(run, 'deploy', 'Read the zip').lines;
      assert.ok(line.startsWith(step.outputs['bundle-sha256'] ?? '-'), line);
      assert.deepEqual(stage.emulator.requests, []);
    },
  },
  {
    name: 'masks',
    play: async (stage) => {
      const token = stage.emulator.accessToken;
      const variables = { PLAIN_ACCESS_TOKEN: token };
      const run = await stage.runFixture('masks.yml', stage.events.push(), { variables });
      expectJobs(run, { deploy: 'success' });
      const hidden = ['token', 'header', 'session', 'key', 'key'].map((name) => `${name} [***]`);
      assert.deepEqual(stepOf(run, 'deploy', 'Say them all').lines, [...hidden, 'flag [true]']);
      // The action does not say them itself, wherever.
      const said = JSON.stringify(stepOf(run, 'deploy', 'catalyst-deploy-action@'));
      for (const value of [token, 'a-password-for-the-pages', 'made-up-BY-THIS-JOB', 'first line of a key']) {
        assert.ok(!said.includes(value), `the action shows ${value}`);
      }
      // Signed addresses are as good as passwords.
      for (const { query } of stage.emulator.requests) {
        for (const name of ['X-Goog-Signature', 'sig']) {
          const value = query[name];
          if (value !== undefined) assert.ok(!run.shown.includes(value), `the log shows ${name}`);
        }
      }
    },
  },
  {
    name: 'two deployments in a job, and a third that is not reached',
    play: async (stage) => {
      const { emulator, events } = stage;
      emulator.addProject('outlet');
      const run = await stage.runFixture('two.yml', events.push());
      expectJobs(run, { deploy: 'failure' });
      const [first, second] = [stepOf(run, 'deploy', 'first'), stepOf(run, 'deploy', 'second')];
      for (const step of [first, second]) expectStep(step, 'success', { outcome: 'deployed' });
      assert.equal(second.outputs['bundle-sha256'], first.outputs['bundle-sha256']);
      expectNoStep(run, 'deploy', 'third');
      // The post part of each knows its own deployment, and has nothing to do.
      assert.deepEqual([first.post, second.post], ['success', 'success']);
      assert.deepEqual(shownDeployments(emulator), [
        'production: in_progress, success',
        'outlet: in_progress, success',
      ]);
    },
  },
  {
    name: 'a run that is cancelled, and its post step',
    play: async (stage) => {
      const { emulator, events } = stage;
      emulator.holdDeployments();
      const run = await stage.runFixture('cancelled.yml', events.pullRequest(), {
        cancelAt: emulator.waitForRequest('events'),
      });
      assert.equal(run.exitCode, 1);
      const step = stepOf(run, 'deploy', 'deploy');
      // The post part says how the step ended: it is red itself, and its outputs come too late for anybody.
      assert.deepEqual({ outcome: step.outcome, post: step.post }, { outcome: 'failure', post: 'failure' });
      assert.deepEqual(
        step.annotations.map(({ title }) => title),
        ['Deployment cancelled'],
      );
      assert.match(step.summary, /^## 🚫 Deployment cancelled/);
      assert.deepEqual(shownDeployments(emulator), ['preview: in_progress, error']);
      const bodies = emulator.github.comments.map(({ body }) => body);
      assert.equal(bodies.length, 1);
      assert.match(bodies[0] ?? '', /cancelled/);
      emulator.releaseDeployment();
    },
  },
];
