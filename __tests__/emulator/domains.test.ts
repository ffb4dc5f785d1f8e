import { expect, test } from '@jest/globals';
import type { Emulator, EmulatorOptions } from '../../emulator/emulator.ts';
import { callApi, deploy, postJson, readJson, useEmulator } from './helpers.ts';

const uuidOf = (emulator: Emulator, index = 0) => emulator.projects[index]?.uuid ?? '';
const pathOf = (emulator: Emulator, index = 0) => `/projects/${uuidOf(emulator, index)}/domains`;
const useManual = (options: EmulatorOptions = {}) =>
  useEmulator({ domainVerifyMs: 'never', projects: ['one', 'two'], ...options });

function add(emulator: Emulator, domain: unknown, index = 0): Promise<Response> {
  return postJson(emulator, pathOf(emulator, index), { domain });
}

async function deployCompletely(emulator: Emulator): Promise<string> {
  const uuid = await deploy(emulator);
  await emulator.waitForDeployment((one) => one.deploymentUuid === uuid && one.status === 'completed');
  return emulator.projects[0]?.deploymentHostnames[0] ?? '';
}

test('a domain is pending, then verified; only the answer to its creation has the DNS records', async () => {
  await using emulator = await useManual();
  const created = await readJson(add(emulator, 'WWW.example.com'));
  const domain = { domain: 'www.example.com', project_uuid: uuidOf(emulator), verification_status: 'pending' };
  const records = { a_record_value: '198.51.100.10', cname_record_value: expect.any(String) };
  expect(created.data).toEqual({ ...domain, pointing_records: records });
  const path = `${pathOf(emulator)}/www.example.com`;
  expect((await readJson(callApi(emulator, path))).data).toEqual(domain);
  emulator.domains.setStatus('www.example.com', 'verified');
  expect((await readJson(callApi(emulator, path))).data).toEqual({ ...domain, verification_status: 'verified' });
});

test('a domain is verified after a step by itself', async () => {
  await using emulator = await useEmulator();
  await add(emulator, 'www.example.com');
  await emulator.waitForDomain((one) => one.status === 'verified');
  const { data } = await readJson(callApi(emulator, `${pathOf(emulator)}/www.example.com`));
  expect(data.verification_status).toBe('verified');
});

test.each(['localhost', 'a..example.com', '-a.example.com', 'https://a.example.com', '', 7, undefined])(
  'the domain %j is refused',
  async (domain) => {
    await using emulator = await useManual();
    const response = await add(emulator, domain);
    expect([response.status, (await readJson(response)).errors]).toEqual([422, { domain: expect.any(String) }]);
  },
);

test('domains are listed by project, with filters', async () => {
  await using emulator = await useManual();
  for (const domain of ['a.example.com', 'b.example.com', 'c.example.com']) await add(emulator, domain);
  await add(emulator, 'd.example.com', 1);
  emulator.domains.setStatus('b.example.com', 'failed');
  const list = async (query: string) =>
    (await readJson(callApi(emulator, `${pathOf(emulator)}${query}`))).data.map(
      (one: { domain: string }) => one.domain[0],
    );
  expect(await list('')).toEqual(['a', 'b', 'c']);
  expect(await list('?domain:in=c.example.com,A.example.com,d.example.com')).toEqual(['a', 'c']);
  expect(await list('?verification_status=failed')).toEqual(['b']);
  const refused = await callApi(emulator, `${pathOf(emulator)}?verification_status=x`);
  expect([refused.status, Object.keys((await readJson(refused)).errors)]).toEqual([422, ['verification_status']]);
});

test('verified domains follow the canonical host of a deployed project, and go with their verification', async () => {
  await using emulator = await useManual();
  await add(emulator, 'early.example.com');
  emulator.domains.setStatus('early.example.com', 'verified');
  expect(emulator.projects[0]?.deploymentHostnames).toEqual([]);
  const canonical = await deployCompletely(emulator);
  await add(emulator, 'late.example.com');
  const hostnames = () => emulator.projects[0]?.deploymentHostnames;
  expect(hostnames()).toEqual([canonical, 'early.example.com']);
  emulator.domains.setStatus('late.example.com', 'verified');
  expect(hostnames()).toEqual([canonical, 'early.example.com', 'late.example.com']);
  await deployCompletely(emulator);
  expect(emulator.deployments.at(-1)?.deploymentHostnames).toEqual(hostnames());
  emulator.domains.setStatus('early.example.com', 'failed');
  expect((await callApi(emulator, `${pathOf(emulator)}/late.example.com`, { method: 'DELETE' })).status).toBe(204);
  expect(hostnames()).toEqual([canonical]);
});

test('a domain of another project is a conflict that names it, and can be transferred', async () => {
  await using emulator = await useManual();
  const canonical = await deployCompletely(emulator);
  await add(emulator, 'www.example.com');
  emulator.domains.setStatus('www.example.com', 'verified');
  const again = await add(emulator, 'www.example.com');
  const conflict = await add(emulator, 'www.example.com', 1);
  expect([again.status, conflict.status]).toEqual([409, 409]);
  expect((await readJson(again)).meta).toBeUndefined();
  expect((await readJson(conflict)).meta).toEqual({ project_uuid: uuidOf(emulator) });
  const transfer = (uuid: unknown, index = 0) =>
    postJson(emulator, `${pathOf(emulator, index)}/www.example.com/transfer`, { new_project_uuid: uuid });
  for (const uuid of ['x', undefined, uuidOf(emulator), '019500e2-933d-7057-8e81-090dd7240795']) {
    expect((await transfer(uuid)).status).toBe(422);
  }
  expect((await transfer(uuidOf(emulator), 1)).status).toBe(404);
  expect((await readJson(transfer(uuidOf(emulator, 1)))).data).toMatchObject({ project_uuid: uuidOf(emulator, 1) });
  expect((await callApi(emulator, `${pathOf(emulator)}/www.example.com`)).status).toBe(404);
  expect((await callApi(emulator, `${pathOf(emulator, 1)}/www.example.com`)).status).toBe(200);
  expect(emulator.projects[0]?.deploymentHostnames).toEqual([canonical]);
});

test('a domain of another store needs a record in the DNS before it can be claimed', async () => {
  await using emulator = await useManual();
  const record = emulator.domains.addForeign('www.example.com');
  expect(record).toEqual({ type: 'TXT', name: '_ownership.www.example.com', value: expect.any(String) });
  const claim = (domain = 'www.example.com', index = 0) =>
    postJson(emulator, `${pathOf(emulator, index)}/${domain}/claim`, {});
  for (const response of [await add(emulator, 'www.example.com'), await claim()]) {
    expect([response.status, (await readJson(response)).meta]).toEqual([409, { ownership_verification: record }]);
  }
  expect((await claim('unknown.example.com')).status).toBe(404);
  emulator.domains.publishOwnership('www.example.com');
  expect((await readJson(claim())).data).toMatchObject({ verification_status: 'pending' });
  expect((await claim()).status).toBe(200);
  expect((await readJson(claim('www.example.com', 1))).meta).toEqual({ project_uuid: uuidOf(emulator) });
});

test('a deleted project takes its domains along', async () => {
  await using emulator = await useManual();
  const first = uuidOf(emulator);
  await add(emulator, 'www.example.com');
  await callApi(emulator, `/projects/${first}`, { method: 'DELETE' });
  expect(emulator.domains.list).toEqual([]);
  expect((await callApi(emulator, `/projects/${first}/domains`)).status).toBe(404);
  expect((await add(emulator, 'www.example.com')).status).toBe(200);
});

test('a malformed project is 400, and scopes are those of projects', async () => {
  const tokens = {
    reader: ['store_infrastructure_projects_read_only'],
    logs: ['store_infrastructure_logs_read_only'],
  } as const;
  await using emulator = await useManual({ tokens });
  expect((await callApi(emulator, '/projects/x/domains')).status).toBe(400);
  const as = (token: string, init: RequestInit = {}) =>
    callApi(emulator, pathOf(emulator), { ...init, headers: { 'X-Auth-Token': token } });
  const post = { method: 'POST', body: '{"domain":"www.example.com"}' };
  expect([(await as('reader')).status, (await as('reader', post)).status, (await as('logs')).status]).toEqual([
    200, 403, 403,
  ]);
});

test('the control sets a status and binds domains to other stores', async () => {
  await using emulator = await useManual();
  const post = (path: string, body: object) =>
    fetch(`${emulator.origin}/_emulator/${path}`, { method: 'POST', body: JSON.stringify(body) });
  await add(emulator, 'www.example.com');
  expect((await post('domain-status', { domain: 'www.example.com', status: 'verified' })).status).toBe(204);
  expect((await post('domain-status', { domain: 'www.example.com', status: 'lost' })).status).toBe(400);
  expect((await post('domain-status', { domain: 'no.example.com', status: 'failed' })).status).toBe(400);
  expect(emulator.domains.list).toMatchObject([{ status: 'verified' }]);
  expect(await readJson(post('foreign-domain', { domain: 'other.example.com' }))).toMatchObject({ type: 'TXT' });
  expect((await post('publish-ownership', { domain: 'other.example.com' })).status).toBe(204);
  expect((await post('publish-ownership', { domain: 'no.example.com' })).status).toBe(400);
});
