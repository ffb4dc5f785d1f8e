/** Lines as act 0.2.89 printed them, without fields that nothing reads. */
import { expect, test } from '@jest/globals';
import { parseActLog } from '../../../scripts/e2e/act-log.ts';

const step = (id: string, stage: string, more: object) => ({
  ...{ job: 'Deploy/The deployment  ', jobID: 'deploy', matrix: {}, level: 'info', stage },
  ...{ step: `the step ${id}`, stepID: id.split('/'), msg: '' },
  ...more,
});

const logOf = (...lines: readonly (object | string)[]) =>
  parseActLog(lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));

test('a step: what it printed, its commands, its outputs and summary, its end and that of its post part', () => {
  const { jobs, shown, masks } = logOf(
    step('1', 'Pre', { msg: 'LocalRepositoryCache matched' }),
    step('1', 'Main', { msg: 'Zip: x.zip\n', raw_output: true }),
    step('1', 'Main', { command: 'add-mask', arg: 'a secret', msg: '  ⚙  ***' }),
    step('1', 'Main', {
      ...{ command: 'error', arg: 'It failed.\nDo this.', msg: '  ❗  ::error title=T::It failed.%0ADo this.' },
      kvPairs: { title: 'T', file: 'a.csv' },
    }),
    step('1', 'Main', { command: 'warning', arg: 'Careful', kvPairs: null }),
    step('1', 'Main', { stepResult: 'failure', msg: '  ❌  Failure' }),
    step('1', 'Main', { command: 'set-output', name: 'outcome', arg: 'failed' }),
    step('1', 'Main', { command: 'summary', content: '## One\n' }),
    step('1', 'Post', { command: 'summary', content: '## Two\n' }),
    step('1', 'Post', { stepResult: 'success' }),
    { job: 'Deploy/The deployment  ', jobResult: 'failure', msg: 'Job failed', matrix: {} },
  );
  expect(jobs).toEqual([
    {
      id: 'deploy',
      name: 'Deploy/The deployment',
      result: 'failure',
      matrix: {},
      steps: [
        {
          id: '1',
          name: 'the step 1',
          outcome: 'failure',
          conclusion: 'failure',
          outputs: { outcome: 'failed' },
          summary: '## One\n## Two\n',
          annotations: [
            { level: 'error', title: 'T', message: 'It failed.\nDo this.', file: 'a.csv' },
            { level: 'warning', title: '', message: 'Careful' },
          ],
          lines: ['Zip: x.zip'],
          post: 'success',
        },
      ],
    },
  ]);
  expect(masks).toEqual(['a secret']);
  expect(shown).toContain('::error title=T');
  expect(shown).not.toContain('a secret');
});

test('with continue-on-error, the conclusion is another one than the outcome', () => {
  const { jobs } = logOf(
    step('a', 'Main', { msg: 'Failed but continue next step' }),
    step('a', 'Main', { stepResult: 'failure' }),
    step('b', 'Main', { stepResult: 'failure' }),
  );
  expect(jobs[0]?.steps.map(({ outcome, conclusion }) => [outcome, conclusion])).toEqual([
    ['failure', 'success'],
    ['failure', 'failure'],
  ]);
});

test('a step that was cut off has no end, and one of a composite action has the ids of both', () => {
  const { jobs } = logOf(step('a/b', 'Main', { msg: 'x', raw_output: true }), step('c', 'Post', { msg: 'no step' }));
  expect(jobs[0]?.steps.map(({ id, outcome }) => ({ id, outcome }))).toEqual([{ id: 'a/b', outcome: undefined }]);
  expect(jobs[0]?.result).toBeUndefined();
});

test('jobs of a matrix are told apart', () => {
  const line = (number: number) => ({
    job: `Deploy/deploy-${number}`,
    jobID: 'deploy',
    msg: '',
    matrix: { storefront: `s${number}` },
  });
  const { jobs } = logOf(line(1), line(2), { ...line(1), jobResult: 'success' });
  expect(jobs.map(({ id, name, matrix, result }) => [id, name, matrix['storefront'], result])).toEqual([
    ['deploy', 'Deploy/deploy-1', 's1', 'success'],
    ['deploy', 'Deploy/deploy-2', 's2', undefined],
  ]);
});

test('what is no JSON is shown as it is', () => {
  expect(logOf("Error: Job 'deploy' failed", '[1]', '')).toEqual({
    jobs: [],
    shown: "Error: Job 'deploy' failed\n[1]",
    masks: [],
  });
});
