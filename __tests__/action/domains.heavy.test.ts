/** Custom domains of the project that is deployed to: which address is named, and what is said of those that do not lead there. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { timeoutMs } from '../timeouts.ts';
import { callsOf, deploy, platform, reach, warningsOf } from './harness.ts';
import { deployVerified, startVerified, verifiedPlatform } from './verify-harness.ts';

/** Binds a domain, as somebody did before, and gives it a status. */
async function bind(emulator: Emulator, domain: string, status: 'pending' | 'verified' | 'failed' | 'unknown') {
  const uuid = emulator.projects[0]?.uuid ?? '';
  const url = `${emulator.origin}/stores/${emulator.storeHash}/v3/infrastructure/projects/${uuid}/domains`;
  const headers = { 'x-auth-token': emulator.accessToken, 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ domain }) });
  expect(answer.status).toBe(200);
  if (status !== 'pending') emulator.domains.setStatus(domain, status);
}

/** What the platform says of the project's domains. */
function answerDomains(emulator: Emulator, data: object[], meta: object = {}): void {
  emulator.addFault({ call: 'listDomains', effect: 'status', status: 200, body: { data, meta }, times: 'always' });
}

const askedOf = (emulator: Emulator) => callsOf(emulator).filter((call) => call === 'listDomains').length;

test('a first deployment with custom domains: the canonical host is `url`, `urls` has all that lead there', async () => {
  const emulator = await platform({ domainVerifyMs: 'never' });
  await bind(emulator, 'www.shop.example', 'verified');
  await bind(emulator, 'shop.example', 'verified');
  await bind(emulator, 'later.example', 'pending');
  expect(emulator.projects[0]?.deploymentHostnames).toEqual([]);
  const run = await deploy({ emulator, inputs: { ...reach(emulator), verify: 'auto' } });
  const [canonical, ...others] = emulator.projects[0]?.deploymentHostnames ?? [];
  expect(others).toEqual(['www.shop.example', 'shop.example']);
  expect(run.outputs).toMatchObject({
    outcome: 'deployed',
    url: `https://${canonical}`,
    urls: JSON.stringify([canonical, ...others].map((host) => `https://${host}`)),
  });
  expect(warningsOf(run)).toMatch(/^The domain later\.example of the project is not verified yet/m);
});

test('each domain that is not verified is a warning with its records; one request, beside the verification', async () => {
  const { emulator } = await verifiedPlatform(() => 200);
  answerDomains(
    emulator,
    [
      { domain: 'ok.example', verification_status: 'verified', pointing_records: null },
      {
        domain: 'www.shop.example',
        verification_status: 'pending',
        pointing_records: { a_record_value: '198.51.100.10', cname_record_value: 'p.host.example' },
      },
      { domain: 'shop.example', verification_status: 'failed', pointing_records: { a_record_value: '198.51.100.10' } },
      { domain: 'taken.example', verification_status: 'unknown' },
    ],
    { ownership_verification: { type: 'TXT', name: '_ownership.taken.example', value: '0a1b2c' } },
  );
  const run = await deployVerified({ emulator });
  expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'healthy' });
  expect(warningsOf(run).split('\n')).toEqual([
    'The domain www.shop.example of the project is not verified yet, so it may not show the storefront. Its DNS needs: A www.shop.example → 198.51.100.10 or CNAME www.shop.example → p.host.example.',
    'The domain shop.example of the project could not be verified, so it may not show the storefront. Its DNS needs: A shop.example → 198.51.100.10.',
    'The domain taken.example of the project is not known to be verified, so it may not show the storefront. Its DNS needs: TXT _ownership.taken.example → 0a1b2c.',
  ]);
  expect(run.summary).toContain('taken.example');
  expect(askedOf(emulator)).toBe(1);
});

test('without records, the warning says where they were shown; many domains are named in one', async () => {
  const { emulator } = await verifiedPlatform(() => 200, { domainVerifyMs: 'never' });
  for (let index = 1; index <= 30; index += 1) await bind(emulator, `d${index}.example`, 'pending');
  const run = await deployVerified({ emulator });
  const warnings = warningsOf(run).split('\n');
  expect(warnings).toHaveLength(5);
  expect(warnings[0]).toContain('the records that were shown when it was added (`catalyst domains add`)');
  expect(warnings[4]).toMatch(
    /^26 more domains of the project are not verified: d5\.example \(pending\), .*, and 6 more\.$/,
  );
});

test('domains are looked at, too, where the storefront does not work', async () => {
  const { emulator } = await verifiedPlatform((path, build) => (path === '/' && build === 1 ? 500 : 200));
  answerDomains(emulator, [{ domain: 'shop.example', verification_status: 'pending' }]);
  const run = await deployVerified({ emulator, inputs: { 'verify-timeout-seconds': '1' } });
  expect(run.outputs).toMatchObject({ outcome: 'unhealthy' });
  expect(warningsOf(run)).toContain('The domain shop.example of the project is not verified yet');
});

test.each([
  ['refused', { effect: 'status', status: 403 }],
  ['not there', { effect: 'status', status: 404 }],
  ['bound to another store', { effect: 'status', status: 409, body: { title: 'bound to another store' } }],
  ['broken', { effect: 'status', status: 500 }],
  ['lost', { effect: 'lost-answer' }],
  ['no list', { effect: 'status', status: 200, body: { data: 'none' } }],
])('a list of domains that is %s is a line for those who debug, and asked once', async (_, fault) => {
  const { emulator } = await verifiedPlatform(() => 200);
  emulator.addFault({ call: 'listDomains', times: 'always', ...fault } as never);
  const run = await deployVerified({ emulator, env: { RUNNER_DEBUG: '1' } });
  expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'healthy' });
  expect(run.exitCode).toBe(0);
  expect(run.annotations).toEqual([]);
  expect(run.lines.filter((line) => line.startsWith('::debug::The domains of the project were not read'))).toHaveLength(
    1,
  );
  expect(askedOf(emulator)).toBe(1);
});

test('a list that does not come keeps nobody waiting for long', async () => {
  const { emulator } = await verifiedPlatform(() => 200);
  emulator.addFault({ call: 'listDomains', effect: 'hang', times: 'always' });
  const started = startVerified({ emulator });
  await emulator.waitForRequest('listDomains');
  const beganAtMs = performance.now();
  const run = await started.finished;
  expect(run.outputs).toMatchObject({ outcome: 'deployed' });
  // What a request may take is 15 s.
  expect(performance.now() - beganAtMs).toBeLessThan(timeoutMs(10_000));
});

test('nothing is asked in a dry run, nor where nothing is verified', async () => {
  const { emulator } = await verifiedPlatform(() => 200);
  await deployVerified({ emulator, inputs: { 'dry-run': 'true' } });
  expect(emulator.requests).toEqual([]);
  const run = await deployVerified({ emulator, inputs: { verify: 'off' } });
  expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'skipped' });
  expect(askedOf(emulator)).toBe(0);
});
