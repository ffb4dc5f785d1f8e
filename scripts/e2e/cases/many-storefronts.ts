/** What those have who look after several storefronts: a workflow that they call, stores in a matrix, messages to a chat. */
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Case } from '../case.ts';
import { expectGreen, expectJobs, expectRed, shownDeployments, stepOf } from '../expect.ts';
import type { Stage } from '../stage.ts';
import { examplePath, readMarkdownWorkflow } from '../written-workflows.ts';
import { expectVariables } from './production.ts';

const OURS = 'catalyst-deploy-action@';
const STOREFRONT = /^https:\/\/demo-storefront-[\w-]+\.storefront\.example$/;
const HELP = /^<https:\/\/github\.com\/\S+\/docs\/troubleshooting\.md#deployment-failed-code-30\|More on this>$/;
const PAGE = 'docs/reusable-workflow.md';

export const MANY_STOREFRONTS: readonly Case[] = [
  {
    name: `the workflow that others call, by the ten lines of ${PAGE}`,
    covers: [PAGE],
    play: async (stage) => {
      const caller = readMarkdownWorkflow(PAGE);
      assert.match(caller, /^name: [^\n]+\n(?:[^\n]+\n){10}$/);
      const run = await stage.runText('deploy.yml', caller, stage.events.push());
      assert.equal(run.exitCode, 0);
      expectGreen(stepOf(run, 'deploy', 'deploy'), 'deployed', { url: STOREFRONT, 'artifact-id': /^\d+$/ });
      assert.deepEqual(shownDeployments(stage.emulator), ['production: in_progress, success']);
      expectVariables(stage.emulator);
    },
  },
  {
    name: `the workflow that others call, for a pull request, with what its comment may have`,
    play: async (stage) => {
      const inputs = 'summary: short\n      comment-group: stores\n      comment-footer: Ask **the shop team**.';
      const caller = readMarkdownWorkflow(PAGE)
        .replace('on: { push: { branches: [main] } }', 'on: pull_request')
        .replace('deployments: write }', 'deployments: write, pull-requests: write }')
        .replace('    secrets:\n', `    with:\n      ${inputs}\n    secrets:\n`);
      const run = await stage.runText('preview.yml', caller, stage.events.pullRequest());
      expectGreen(stepOf(run, 'deploy', 'deploy'), 'deployed', { url: STOREFRONT });
      assert.deepEqual(shownDeployments(stage.emulator), ['preview: in_progress, success']);
      assert.doesNotMatch(stepOf(run, 'deploy', 'deploy').summary, /<details>/);
      const bodies = stage.emulator.github.comments.map(({ body }) => body);
      assert.equal(bodies.length, 1);
      assert.match(bodies[0] ?? '', /\| .*demo-storefront.*Ask \*\*the shop team\*\*\./s);
    },
  },
  {
    name: 'several-stores.yml',
    covers: ['several-stores.yml'],
    play: async (stage) => {
      const { emulator, events } = stage;
      const projects = [emulator.addProject('outdoor'), emulator.addProject('kitchen')];
      // act knows no environments, which have a store's values: so each store's job runs by itself.
      for (const { name, uuid } of projects) {
        const run = await stage.run(examplePath('several-stores.yml'), events.push(), {
          variables: { BIGCOMMERCE_PROJECT_UUID: uuid },
          only: { job: 'deploy', matrix: `store:${name}` },
        });
        expectJobs(run, { deploy: 'success' });
        const url = new RegExp(`^https://${name}-`);
        expectGreen(stepOf(run, 'deploy', OURS), 'deployed', { url, 'artifact-id': /^\d+$/ });
      }
      const shown = ['outdoor: in_progress, success', 'kitchen: in_progress, success'];
      assert.deepEqual(shownDeployments(emulator), shown);
    },
  },
  {
    name: 'verified-production.yml',
    covers: ['verified-production.yml'],
    play: async (stage) => {
      // Nothing answers at the platform's addresses: that a broken page is rolled back, other tests show.
      const run = await stage.run(examplePath('verified-production.yml'), stage.events.push());
      expectJobs(run, { deploy: 'success' });
      expectGreen(stepOf(run, 'deploy', OURS), 'deployed', { url: STOREFRONT, verification: 'skipped' });
    },
  },
  ...(['a success', 'a failure'] as const).map(
    (end): Case => ({
      name: `notification.yml, after ${end}`,
      covers: ['notification.yml'],
      needs: 'jq',
      play: async (stage) => {
        if (end === 'a failure') stage.emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 30 });
        const posts = await tell(stage, end === 'a success');
        const { slack, teams } = posts;
        const title = end === 'a success' ? /^✅ / : /^❌ .*code 30/;
        const [headline = '', ...rest] = String(slack?.['text']).split('\n');
        assert.match(headline, title);
        const about = end === 'a success' ? [STOREFRONT] : [/^What to do: ./, HELP];
        const runUrl = `https://github.com/acme/storefront/actions/runs/${stage.runs[0]?.runId}`;
        const aboutRun = new RegExp(`^<${runUrl}.*\\|acme/storefront [0-9a-f]{7}>, [\\d.]+ s$`);
        const expected = [...about, aboutRun];
        assert.equal(rest.length, expected.length, rest.join('\n'));
        for (const [index, line] of expected.entries()) assert.match(rest[index] ?? '', line);
        const card = JSON.stringify(teams);
        assert.match(card, /"contentType":"application\/vnd\.microsoft\.card\.adaptive"/);
        assert.ok(card.includes(JSON.stringify(headline)) && card.includes(runUrl), card);
        assert.equal(card.includes('troubleshooting.md#deployment-failed-code-30'), end === 'a failure', card);
      },
    }),
  ),
];

type Posts = Record<string, Record<string, unknown> | undefined>;

/** Runs the example, with a server in the place of Slack's and Teams'. @returns what each got, by the path of its address */
async function tell(stage: Stage, isGreen: boolean): Promise<Posts> {
  const posts: Posts = {};
  const receive = async (request: IncomingMessage) => {
    posts[(request.url ?? '').slice(1)] = JSON.parse(await text(request));
  };
  const server = createServer((request, response) => {
    receive(request).then(
      () => response.end('ok'),
      () => response.writeHead(400).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const secrets = { SLACK_WEBHOOK_URL: `${origin}/slack`, TEAMS_WEBHOOK_URL: `${origin}/teams` };
    const run = await stage.run(examplePath('notification.yml'), stage.events.push(), { secrets });
    expectJobs(run, { deploy: isGreen ? 'success' : 'failure' });
    const step = stepOf(run, 'deploy', 'deploy');
    if (isGreen) expectGreen(step, 'deployed', { url: STOREFRONT });
    else expectRed(step, 'failed', /code 30/);
    return posts;
  } finally {
    server.close();
  }
}
