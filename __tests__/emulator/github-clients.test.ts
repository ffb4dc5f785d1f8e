import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { createOctokit, OWNER, readGitHub, SHA } from './github-helpers.ts';
import { useEmulator } from './helpers.ts';

const CLI = fileURLToPath(new URL('../../emulator/cli.ts', import.meta.url));

test.each(['github.com', 'enterprise'] as const)('GitHub’s own client deploys and comments (%s)', async (form) => {
  await using emulator = await useEmulator();
  const { rest, graphql, paginate } = createOctokit(emulator, form);
  const { data: deployment } = await rest.repos.createDeployment({
    ...OWNER,
    ref: SHA,
    required_contexts: [],
    auto_merge: false,
    payload: { a: 1 },
  });
  if (!('id' in deployment)) throw new Error('no deployment');
  const status = { ...OWNER, deployment_id: deployment.id };
  for (const state of ['in_progress', 'success'] as const)
    await rest.repos.createDeploymentStatus({ ...status, state });
  expect((await rest.repos.listDeploymentStatuses(status)).data.map(({ state }) => state)).toEqual([
    'success',
    'in_progress',
  ]);
  const issue = { ...OWNER, issue_number: 7 };
  for (let index = 0; index < 7; index += 1) await rest.issues.createComment({ ...issue, body: `${index}` });
  const comments = await paginate(rest.issues.listComments, { ...issue, per_page: 3 });
  expect(comments.map(({ body }) => body)).toEqual(['0', '1', '2', '3', '4', '5', '6']);
  expect(comments[0]?.url).toContain(form === 'github.com' ? '/github/repos/' : '/api/v3/repos/');
  expect(await graphql('query { viewer { login } }')).toEqual({ viewer: { login: 'github-actions[bot]' } });
  await expect(rest.users.getAuthenticated()).rejects.toMatchObject({ status: 403 });
  expect(emulator.github.deployments).toMatchObject([{ state: 'success', payload: { a: 1 } }]);
  expect(emulator.violations).toEqual([]);
});

test('a check run is created and completed', async () => {
  await using emulator = await useEmulator();
  const { checks } = createOctokit(emulator).rest;
  const sha = emulator.github.pullRequests[0]?.head.sha ?? '';
  const output = { title: 'Deploy', summary: 'Running' };
  const annotations = [{ path: 'a', start_line: 1, end_line: 1, annotation_level: 'notice' as const, message: 'm' }];
  const { data } = await checks.create({ ...OWNER, name: 'Deploy', head_sha: sha, status: 'in_progress', output });
  expect(data).toMatchObject({ conclusion: null, pull_requests: [{ number: 7 }], app: { slug: 'github-actions' } });
  for (let index = 0; index < 2; index += 1) {
    await checks.update({ ...OWNER, check_run_id: data.id, output: { ...output, annotations } });
  }
  const { data: done } = await checks.update({ ...OWNER, check_run_id: data.id, conclusion: 'success' });
  expect(done).toMatchObject({ status: 'completed', conclusion: 'success', output: { annotations_count: 2 } });
  expect(done.completed_at).not.toBeNull();
  const send = (body: object) => readGitHub(emulator, `/check-runs/${data.id}`, { method: 'PATCH', body });
  expect(await send({ status: 'completed' })).toMatchObject({ status: 422 });
  expect(await send({ output: { summary: 'x'.repeat(65_536) } })).toMatchObject({
    data: { message: 'Invalid request.\n\nOnly 65535 characters are allowed; 65536 were supplied.' },
  });
  expect(await send({ output: { summary: 'x', annotations: Array(51).fill(annotations[0]) } })).toMatchObject({
    data: { message: 'Invalid request.\n\nNo more than 50 items are allowed; 51 were supplied.' },
  });
  expect(await send({ output: { summary: 'x', annotations: [{}] } })).toMatchObject({ status: 422 });
  expect(emulator.github.checkRuns).toMatchObject([{ headSha: sha, conclusion: 'success' }]);
});

test('artifacts are read from the artifact service', async () => {
  await using emulator = await useEmulator();
  const artifact = { runId: 5, name: 'bundle', sizeBytes: 3, createdAtMs: 0, expiresAtMs: Date.now() + 60_000 };
  const all = [
    { ...artifact, id: 1, digest: 'sha256:00' },
    { ...artifact, id: 2, name: 'other' },
    { ...artifact, id: 3, expiresAtMs: 1 },
  ];
  emulator.github.mountArtifacts({
    list: (runId) => all.filter((one) => one.runId === runId),
    find: (id) => all.find((one) => one.id === id),
    findRun: () => undefined,
    signedUrl: (id, origin) => `${origin}/signed/${id}`,
  });
  const ids = async (query: string) => {
    const { data } = await readGitHub(emulator, `/actions/runs/5/artifacts?${query}`);
    return [data.total_count, ...data.artifacts.map(({ id }: { id: number }) => id)];
  };
  expect(await ids('')).toEqual([3, 3, 2, 1]);
  expect(await ids('name=bundle&per_page=1')).toEqual([2, 3]);
  expect((await readGitHub(emulator, '/actions/runs/6/artifacts')).data).toEqual({ total_count: 0, artifacts: [] });
  const { data } = await readGitHub(emulator, '/actions/artifacts/1');
  expect(data).toMatchObject({ name: 'bundle', digest: 'sha256:00', expired: false, workflow_run: { id: 5 } });
  const download = await fetch(data.archive_download_url, {
    redirect: 'manual',
    headers: { authorization: `token ${emulator.github.token}` },
  });
  expect([download.status, download.headers.get('location')]).toEqual([302, `${emulator.origin}/signed/1`]);
  expect(await readGitHub(emulator, '/actions/artifacts/3/zip')).toMatchObject({ status: 410 });
  expect(await readGitHub(emulator, '/actions/artifacts/4')).toMatchObject({ status: 404 });
});

test('the command has options for GitHub, and prints the environment of a job', async () => {
  const options = ['--github-repository', 'a/b', '--github-token', 'ghs_given', '--github-deny', 'issues=read'];
  const child = spawn(process.execPath, [CLI, '--port', '0', ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = once(child, 'close');
  const printed: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    printed.push(line);
    if (line.startsWith('Requests')) break;
  }
  child.kill('SIGTERM');
  await exit;
  expect(printed).toContain('GITHUB_REPOSITORY=a/b');
  expect(printed).toContain('  github-token: ghs_given');
  expect(printed.join('\n')).toMatch(/^GITHUB_API_URL=http:\/\/127\.0\.0\.1:\d+\/github$/m);
});

test.each([
  [['--github-deny', 'everything'], '--github-deny must be one of actions, checks'],
  [['--github-deny', 'issues=write'], '--github-deny must be one of'],
  [['--github-repository', 'a'], '--github-repository must be owner/name'],
])('%j is rejected with exit 2', async (args, message) => {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const [code] = await once(child, 'close');
  expect(code).toBe(2);
  expect(errors).toContain(message);
});
