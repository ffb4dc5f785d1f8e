import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import {
  callsOf,
  deploy,
  failureOf,
  HOSTING,
  platform,
  SMALL_BUILD,
  startDeploy,
  storefront,
  warningsOf,
  writeWorkspaceFile,
} from './harness.ts';

test('deploys a build: package, upload, create, follow; outputs, log and summary agree', async () => {
  const emulator = await platform();
  const run = await deploy({
    emulator,
    inputs: { 'environment-variables': 'REGION=eu\nEMPTY=', secrets: 'TOKEN="two words"' },
  });

  expect({ exitCode: run.exitCode, stderr: run.stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(callsOf(emulator).filter((call) => call !== 'events')).toEqual(['sign', 'upload', 'createDeployment']);
  expect(emulator.violations).toEqual([]);
  const [deployment] = emulator.deployments;
  const [upload] = emulator.uploads;
  const zip = readFileSync(run.outputs['bundle-path'] ?? '');
  const url = run.outputs['url'] ?? '';
  expect(url).toMatch(/^https:\/\/[a-z0-9.-]+$/);
  expect(run.outputs).toEqual({
    outcome: 'deployed',
    url,
    urls: JSON.stringify([url]),
    verification: 'skipped',
    'verification-results': '[]',
    'deployment-uuid': deployment?.deploymentUuid,
    'upload-uuid': upload?.uploadUuid,
    'project-uuid': emulator.projects[0]?.uuid,
    'bundle-path': run.outputs['bundle-path'],
    'bundle-size': String(zip.length),
    'bundle-files': String(Object.keys(SMALL_BUILD).length),
    'bundle-sha256': createHash('sha256').update(zip).digest('hex'),
    'duration-seconds': run.outputs['duration-seconds'],
    result: run.outputs['result'],
  });
  expect(JSON.parse(run.outputs['result'] ?? '')).toMatchObject({
    ...{
      schema: 1,
      action: 'deploy',
      outcome: 'deployed',
      success: true,
      failure: null,
      live: 'this',
      url,
      urls: [url],
    },
    project: { uuid: emulator.projects[0]?.uuid },
    deployments: [{ uuid: deployment?.deploymentUuid }],
    bundle: { sha256: run.outputs['bundle-sha256'], files_count: Object.keys(SMALL_BUILD).length },
  });
  expect(Number(run.outputs['duration-seconds'])).toBeGreaterThan(0);
  expect(upload).toMatchObject({
    contentType: 'application/zip',
    sizeBytes: zip.length,
    sha256: run.outputs['bundle-sha256'],
  });
  expect(deployment?.environmentVariables).toEqual([
    { type: 'plain_text', key: 'REGION', value: 'eu' },
    { type: 'plain_text', key: 'EMPTY', value: '' },
    { type: 'secret', key: 'TOKEN', value: 'two words' },
    HOSTING,
  ]);
  expect(run.lines.slice(-3)).toEqual(['Outcome: deployed', `URL: ${url}`, expect.stringMatching(/^Duration: \d/)]);
  expect(run.lines.filter((line) => line.startsWith('::group::'))).toEqual([
    '::group::Package',
    '::group::Upload',
    '::group::Create deployment',
    '::group::Follow deployment',
  ]);
  expect(run.summary).toContain(`href="${url}/"`);
  expect(run.summary).toContain('4f9c1d2');
  expect(run.summary).toMatch(/<summary>Phases \(slowest: [A-Z][a-z ]+, \d/);
  // A chart of a few seconds says nothing.
  expect(run.summary).not.toContain('```mermaid');
  for (const key of ['REGION', 'EMPTY', 'TOKEN']) expect(run.summary).toContain(`<code>${key}</code>`);
});

test('every call carries the token, one correlation id and the version; storage never sees the token', async () => {
  const emulator = await platform();
  await deploy({ emulator });
  const api = emulator.requests.filter(({ call }) => call !== 'upload');
  expect(new Set(api.map(({ headers }) => headers['x-auth-token']))).toEqual(new Set([emulator.accessToken]));
  expect(new Set(emulator.requests.map(({ headers }) => headers['x-correlation-id'])).size).toBe(1);
  for (const { headers } of emulator.requests)
    expect(headers['user-agent']).toMatch(/^catalyst-deploy-action\/\d+\.\d+\.\d+$/);
  const upload = emulator.requests.find(({ call }) => call === 'upload');
  expect(upload?.headers).not.toHaveProperty('x-auth-token');
  expect(upload?.headers).not.toHaveProperty('transfer-encoding');
});

test('credentials come from the input, else the environment, else project.json, in that order', async () => {
  const emulator = await platform({ projects: ['from-input', 'from-env', 'from-file'] });
  const [, fromEnv, fromFile] = emulator.projects;
  const workspace = storefront();
  const inputs = { 'store-hash': '', 'access-token': '', 'project-uuid': '' };
  const file = { storeHash: emulator.storeHash, accessToken: emulator.accessToken, projectUuid: fromFile?.uuid };
  writeWorkspaceFile(workspace, '.bigcommerce/project.json', JSON.stringify(file));

  const byFile = await deploy({
    emulator,
    workspace,
    inputs: { ...inputs, 'api-host': '' },
    env: { CATALYST_API_HOST: emulator.origin },
  });
  expect(byFile.outputs).toMatchObject({ outcome: 'deployed', 'project-uuid': fromFile?.uuid });

  const byEnv = await deploy({ emulator, workspace, inputs, env: { CATALYST_PROJECT_UUID: fromEnv?.uuid ?? '' } });
  expect(byEnv.outputs).toMatchObject({ outcome: 'deployed', 'project-uuid': fromEnv?.uuid });

  const byName = await deploy({
    emulator,
    workspace,
    inputs: { ...inputs, 'project-name': 'from-input' },
    env: { CATALYST_PROJECT_UUID: fromEnv?.uuid ?? '' },
  });
  expect(byName.outputs).toMatchObject({ outcome: 'deployed', 'project-uuid': emulator.projects[0]?.uuid });
});

test('a project is found by its exact name, through all pages, among names that only contain it', async () => {
  const decoys = Array.from({ length: 119 }, (_, index) => `shop-${String(index).padStart(3, '0')}`);
  const emulator = await platform({ projects: [...decoys, 'shop'], projectLimit: 200 });
  const run = await deploy({ emulator, inputs: { 'project-uuid': '', 'project-name': 'shop' } });
  expect(run.outputs).toMatchObject({
    outcome: 'deployed',
    'project-uuid': emulator.projects.find(({ name }) => name === 'shop')?.uuid,
  });
  const pages = emulator.requests.filter(({ call }) => call === 'listProjects');
  expect(pages.length).toBe(3);
  for (const page of pages) expect(page.query).toMatchObject({ 'name:like': 'shop' });
});

test('an unknown project name is an error, and nothing is uploaded', async () => {
  const emulator = await platform();
  const run = await deploy({ emulator, inputs: { 'project-uuid': '', 'project-name': 'no-such-shop' } });
  expect(run.exitCode).toBe(1);
  expect(run.outputs['outcome']).toBe('error');
  expect(failureOf(run).message).toMatch(
    /^The storefront is unchanged\.\n.*no hosting project named "no-such-shop".*create-project: true/s,
  );
  // The second one asks for all names, to tell which are near.
  expect(callsOf(emulator)).toEqual(['listProjects', 'listProjects']);
});

test('create-project creates the project; if its name was taken meanwhile (502), it is looked up once more', async () => {
  const emulator = await platform();
  const inputs = { 'project-uuid': '', 'project-name': 'fresh-shop', 'create-project': 'true' };
  const first = await deploy({ emulator, inputs });
  expect(first.outputs['outcome']).toBe('deployed');
  expect(first.outputs['project-uuid']).toBe(emulator.projects.find(({ name }) => name === 'fresh-shop')?.uuid);

  // The project is made, and its answer is lost: as if another job had taken the name.
  emulator.addFault({ call: 'createProject', effect: 'lost-answer' });
  const second = await deploy({ emulator, inputs: { ...inputs, 'project-name': 'taken-shop' } });
  expect(second.outputs['outcome']).toBe('deployed');
  expect(emulator.projects.filter(({ name }) => name === 'taken-shop')).toHaveLength(1);

  emulator.addFault({ call: 'createProject', effect: 'status', status: 502 });
  const third = await deploy({ emulator, inputs: { ...inputs, 'project-name': 'never-made' } });
  expect(third.outputs['outcome']).toBe('error');
  expect(failureOf(third).message).toContain('never-made');
});

test('dry-run packages and reports, and sends nothing', async () => {
  const emulator = await platform();
  const run = await deploy({ emulator, inputs: { 'dry-run': 'true' } });
  expect(run.exitCode).toBe(0);
  expect(run.outputs).toMatchObject({ outcome: 'dry-run', 'bundle-files': '3' });
  expect(emulator.requests).toEqual([]);
  expect(run.summary).toContain('Dry run');
  expect(run.lines.join('\n')).toContain('nothing was sent');
});

test('the summary is as long as `summary` says, also of inputs that are wrong', async () => {
  const emulator = await platform();
  const summaryOf = async (summary: string, inputs = {}) =>
    (await deploy({ emulator, inputs: { 'dry-run': 'true', summary, ...inputs } })).summary;
  expect(await summaryOf('off')).toBe('');
  const short = await summaryOf('short');
  expect(short).toContain('nothing was sent');
  expect(short).not.toContain('<details>');
  expect(await summaryOf('short', { 'max-attempts': '0' })).not.toContain('<details>');
  expect(await summaryOf('all')).toContain('summary');
});

test('a Catalyst storefront without its variables is warned of, in a dry run, too', async () => {
  const emulator = await platform();
  const workspace = storefront({ ...SMALL_BUILD, 'worker.js': 'export default env.BIGCOMMERCE_STOREFRONT_TOKEN;\n' });
  const some = 'BIGCOMMERCE_STORE_HASH=abc\nBIGCOMMERCE_CHANNEL_ID=1\nAUTH_TRUST_HOST=true';
  const secrets = 'BIGCOMMERCE_STOREFRONT_TOKEN=some-token\nAUTH_SECRET=';
  const inputs = { 'environment-variables': some, secrets, 'dry-run': 'true' };
  const run = await deploy({ emulator, workspace, inputs });
  expect(run.outputs['outcome']).toBe('dry-run');
  expect(warningsOf(run)).toContain('has a value for AUTH_SECRET. The bundle is taken for a Catalyst storefront');
  const complete = { ...inputs, secrets: `${secrets}some-secret`, 'dry-run': 'false' };
  const green = await deploy({ emulator, workspace, inputs: complete });
  expect(green.outputs['outcome']).toBe('deployed');
  expect(warningsOf(green)).toBe('');
});

test('a ready zip is deployed unchanged', async () => {
  const emulator = await platform();
  const workspace = storefront();
  const packaged = await deploy({ emulator, workspace, inputs: { 'dry-run': 'true' } });
  writeWorkspaceFile(workspace, 'ready.zip', readFileSync(packaged.outputs['bundle-path'] ?? ''));
  const run = await deploy({ emulator, workspace, inputs: { bundle: 'ready.zip' } });
  expect(run.outputs).toMatchObject({
    outcome: 'deployed',
    'bundle-sha256': packaged.outputs['bundle-sha256'],
    'bundle-files': '3',
  });
  expect(emulator.uploads[0]?.sha256).toBe(packaged.outputs['bundle-sha256']);
});

test('all bad inputs are named at once, and nothing is sent', async () => {
  const emulator = await platform();
  const run = await deploy({
    emulator,
    inputs: {
      'project-uuid': 'not-a-uuid',
      'on-conflict': 'maybe',
      'max-attempts': 'many',
      'dry-run': 'yes',
      'timeout-minutes': '-1',
      secrets: 'no equals sign hunter2hunter2',
    },
  });
  expect(run.exitCode).toBe(1);
  expect(run.outputs['outcome']).toBe('error');
  const { message } = failureOf(run);
  for (const input of ['project-uuid', 'on-conflict', 'max-attempts', 'dry-run', 'timeout-minutes', 'secrets']) {
    expect(message).toContain(input);
  }
  expect(run.everything).not.toContain('hunter2');
  expect(emulator.requests).toEqual([]);
  expect(run.summary).toContain('Not deployed');
});

test('a bundle that breaks rules is refused before anything is uploaded, with all problems named', async () => {
  const emulator = await platform();
  const workspace = storefront({
    ...SMALL_BUILD,
    '.env': 'A=1',
    'assets/deep/.npmrc': '//registry/:_authToken=x',
    'leak.js': `fetch("${emulator.accessToken}")`,
  });
  const run = await deploy({ emulator, workspace });
  expect(run.outputs['outcome']).toBe('error');
  const { message } = failureOf(run);
  for (const name of ['.env', 'assets/deep/.npmrc', 'leak.js', 'exclude']) expect(message).toContain(name);
  expect(run.everything).not.toContain(emulator.accessToken);
  expect(emulator.requests).toEqual([]);
  expect(readdirSync(run.runnerTemp)).toEqual([]);
});

test('a missing build says so, and so does a build without worker.js', async () => {
  const emulator = await platform();
  const missing = await deploy({ emulator, workspace: storefront({}) });
  expect(missing.outputs['outcome']).toBe('error');
  expect(failureOf(missing).message).toMatch(/\.bigcommerce\/dist/);
  const { 'worker.js': _, ...noWorker } = SMALL_BUILD;
  const run = await deploy({ emulator, workspace: storefront(noWorker) });
  expect(run.outputs['outcome']).toBe('error');
  expect(failureOf(run).message).toMatch(/no worker\.js at the top of \.bigcommerce\/dist/);
  expect(emulator.requests).toEqual([]);
});

test.each(['pull_request', 'pull_request_target'])('%s shows the head commit, not the merge commit', async (event) => {
  const emulator = await platform();
  const workspace = storefront();
  const head = 'a'.repeat(40);
  const pull_request = { number: 7, head: { sha: head, repo: { full_name: 'acme/storefront' } } };
  writeWorkspaceFile(workspace, 'event.json', JSON.stringify({ pull_request }));
  const env = {
    GITHUB_EVENT_NAME: event,
    GITHUB_EVENT_PATH: `${workspace}/event.json`,
    GITHUB_SHA: 'b'.repeat(40),
  };
  const run = await deploy({ emulator, workspace, env });
  expect(run.summary).toContain(`/commit/${head}`);
  expect(run.summary).not.toContain('b'.repeat(7));

  writeWorkspaceFile(workspace, 'event.json', 'not json');
  const broken = await deploy({ emulator, workspace, env });
  // The owner of the pull request is unknown then: with the repository's secrets, nothing is deployed.
  expect(broken.outputs['outcome']).toBe(event === 'pull_request' ? 'deployed' : 'error');
  if (event !== 'pull_request') expect(failureOf(broken).title).toBe("Fork's code refused");
  expect(broken.summary).not.toContain('b'.repeat(7));
});

test('outputs that cannot be written give one warning, and neither end the deployment nor hide its result', async () => {
  const emulator = await platform();
  const env = { GITHUB_OUTPUT: '/nonexistent/output' };
  const run = await deploy({ emulator, env });
  expect(run.exitCode).toBe(0);
  expect(run.lines.at(-3)).toBe('Outcome: deployed');
  expect(
    run.annotations.filter(({ message }) => message.includes('outputs of this step could not be written')),
  ).toHaveLength(1);
  emulator.addFault({ call: 'createDeployment', effect: 'fail', code: 30 });
  const failed = await deploy({ emulator, env });
  expect(failureOf(failed).title).toBe('Deployment failed (code 30)');
  expect(failed.summary).toContain('code 30');
});

test('a zip that has vanished before the upload is an error like any other', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'sign', effect: 'delay', delayMs: 300 });
  const started = startDeploy({ emulator });
  await emulator.waitForRequest('sign');
  for (const name of readdirSync(started.runnerTemp)) rmSync(join(started.runnerTemp, name));
  const run = await started.finished;
  expect(run.outputs['outcome']).toBe('error');
  expect(failureOf(run)).toMatchObject({ title: 'File not readable' });
  expect(run.stderr).toBe('');
});

test('a message that is too long for an annotation is in the log in full, and the advice is never cut', async () => {
  const emulator = await platform();
  const deep = (index: number) => `${'folder-with-a-long-name/'.repeat(9)}${index}/.env.production`;
  const files = Object.fromEntries(Array.from({ length: 19 }, (_, index) => [deep(index), 'A=1']));
  const run = await deploy({ emulator, workspace: storefront({ ...SMALL_BUILD, ...files }) });
  const { message } = failureOf(run);
  expect(message.length).toBeLessThanOrEqual(4100);
  expect(message).toMatch(/What to do: Change the build output/);
  for (let index = 0; index < 19; index += 1) expect(run.lines.join('\n')).toContain(deep(index));
});

test('of several addresses, `url` is the first that the platform names, and `urls` has all in its order', async () => {
  const emulator = await platform();
  emulator.projects[0]?.deploymentHostnames.push('shop.example', 'alias.example');
  const run = await deploy({ emulator });
  expect(run.outputs).toMatchObject({
    url: 'https://shop.example',
    urls: '["https://shop.example","https://alias.example"]',
  });
});
