import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect, test } from '@jest/globals';
import { ZipArchive } from 'archiver';
import { STEPS } from '../../emulator/services/hosting/records.ts';
import type { ZipItem } from './helpers.ts';
import {
  callApi,
  createDeployment,
  createZip,
  deploy,
  openEvents,
  readEvents,
  readJson,
  upload,
  useEmulator,
} from './helpers.ts';

test('a deployment goes through all steps to a verdict, and its events show them', async () => {
  await using emulator = await useEmulator({ holdDeploymentsAt: 'queued' });
  const deploymentUuid = await deploy(emulator);
  const stream = await openEvents(emulator, deploymentUuid);
  emulator.releaseDeployment();
  const events = (await readEvents(stream)).map((data) => JSON.parse(data));
  expect(events[0]).toEqual({
    deployment_uuid: deploymentUuid,
    deployment_status: 'queued',
    event: null,
    deployment_url: null,
  });
  expect(events.slice(1).map((event) => event.event.step)).toEqual(STEPS);
  expect(events.at(-1)).toEqual({
    deployment_uuid: deploymentUuid,
    deployment_status: 'completed',
    event: { step: 'complete', progress: 100 },
    deployment_url: emulator.projects[0]?.deploymentHostnames[0],
    deployment_hostnames: emulator.projects[0]?.deploymentHostnames,
  });
  expect(events.find((event) => event.event?.step === 'deploying')).not.toHaveProperty('deployment_hostnames');
  const { data } = await readJson(callApi(emulator, '/projects'));
  expect(data[0].deployment_hostnames).toEqual([expect.stringMatching(/^demo-storefront-.*\.storefront\.example$/)]);
});

test('the variables of a deployment are remembered, invalid ones are refused', async () => {
  await using emulator = await useEmulator();
  const uploadUuid = await upload(emulator, createZip());
  const variables = [
    { type: 'plain_text', key: 'A', value: '' },
    { type: 'secret', key: 'B', value: 's3cret' },
  ];
  const refused = await createDeployment(emulator, uploadUuid, {
    environment_variables: [{ type: 'hidden', key: '', value: 7 }],
  });
  expect(refused.status).toBe(422);
  expect(Object.keys((await readJson(refused)).errors)).toEqual([
    'environment_variables.0.type',
    'environment_variables.0.key',
    'environment_variables.0.value',
  ]);
  expect((await createDeployment(emulator, uploadUuid, { environment_variables: variables })).status).toBe(200);
  expect(emulator.deployments[0]?.environmentVariables).toEqual(variables);
});

test('an upload that never came, or is gone, and an unknown project are named in errors', async () => {
  await using emulator = await useEmulator();
  const unknown = '0194fd2b-2ac6-72de-b73f-d83f2d626a74';
  const uploadUuid = await upload(emulator, createZip());
  const errorsOf = async (uuid: string, more = {}) => {
    const response = await createDeployment(emulator, uuid, more);
    expect(response.status).toBe(422);
    return (await readJson(response)).errors;
  };
  expect(await errorsOf(unknown)).toEqual({ upload_uuid: 'no upload with this UUID' });
  expect(await errorsOf(uploadUuid, { project_uuid: unknown })).toEqual({ project_uuid: expect.any(String) });
  expect(await errorsOf('x', { project_uuid: undefined })).toEqual({
    project_uuid: 'is required',
    upload_uuid: 'must be a valid UUID',
  });
  emulator.addFault({ call: 'createDeployment', effect: 'upload-gone' });
  expect(await errorsOf(uploadUuid)).toEqual({ upload_uuid: expect.stringContaining('gone') });
});

test('only one deployment of a project is in progress at a time', async () => {
  await using emulator = await useEmulator();
  emulator.holdDeployments();
  await deploy(emulator);
  const uploadUuid = await upload(emulator, createZip());
  const conflict = await createDeployment(emulator, uploadUuid);
  expect(conflict.status).toBe(409);
  expect(await readJson(conflict)).toMatchObject({
    status: 409,
    title: expect.stringMatching(/^You already have a deployment in progress for this project\./),
    errors: {},
  });
  emulator.releaseDeployment();
  await emulator.waitForDeployment((deployment) => deployment.status === 'completed');
  expect((await createDeployment(emulator, uploadUuid)).status).toBe(200);
});

test('the server ends the stream after a while, and a new one begins with the current state', async () => {
  await using emulator = await useEmulator({ streamCutMs: 20, holdDeploymentsAt: 'deploying' });
  const deploymentUuid = await deploy(emulator);
  await emulator.waitForDeployment((deployment) => deployment.step === 'deploying');
  for (let connection = 0; connection < 3; connection += 1) {
    const events = await readEvents(await openEvents(emulator, deploymentUuid, { 'Last-Event-ID': `${connection}` }));
    expect(events.map((data) => JSON.parse(data).event)).toEqual([{ step: 'deploying', progress: 75 }]);
  }
  expect(emulator.requests.filter(({ call }) => call === 'events').map(({ lastEventId }) => lastEventId)).toEqual([
    '0',
    '1',
    '2',
  ]);
  expect(await emulator.waitForRequestEnd('events', { count: 3 })).toMatchObject({ aborted: false });
});

test('an event stream wants a known uuid', async () => {
  await using emulator = await useEmulator();
  const malformed = await openEvents(emulator, 'x');
  expect([malformed.status, (await readJson(malformed)).title]).toEqual([400, ':deploymentUuid should be valid UUID.']);
  expect((await openEvents(emulator, '0194fd2b-2ac6-72de-b73f-d83f2d626a74')).status).toBe(404);
});

test('a state can be set by hand', async () => {
  await using emulator = await useEmulator({ holdDeploymentsAt: 'queued' });
  const deploymentUuid = await deploy(emulator);
  const stream = await openEvents(emulator, deploymentUuid);
  emulator.setState(deploymentUuid, { status: 'failed', errorCode: 60 });
  const events = await readEvents(stream);
  expect(JSON.parse(events.at(-1) ?? '')).toMatchObject({
    deployment_status: 'failed',
    event: null,
    error: { code: 60 },
  });
});

const worker = (bytes: number): ZipItem => ({ name: 'output/worker.js', content: Buffer.alloc(bytes) });
const corrupt = createZip([worker(5000)]);
corrupt.fill(0xff, 50, 60);

test.each([
  ['over the zipped limit', 30, createZip(), { zippedBytes: 10 }],
  [
    'over the unzipped limit',
    30,
    createZip([worker(600), { name: 'output/a', content: Buffer.alloc(600) }]),
    { unzippedBytes: 1000 },
  ],
  ['a bomb that declares less than it holds', 30, createZip([{ ...worker(5000), declaredBytes: 10 }]), {}],
  ['a wrong CRC', 30, createZip([{ ...worker(10), crc: 7 }]), {}],
  ['broken compressed data', 30, corrupt, {}],
  ['no zip at all', 30, new Uint8Array(Buffer.from('hello')), {}],
  ['cut short', 30, createZip().slice(0, -30), {}],
  ['a large worker.js', 40, createZip([worker(101)]), { workerBytes: 100 }],
  [
    'a large asset',
    40,
    createZip([worker(1), { name: 'output/assets/a.png', content: Buffer.alloc(101) }]),
    { assetBytes: 100 },
  ],
  [
    'too many files',
    40,
    createZip([worker(1), { name: 'output/a', content: '' }, { name: 'output/b', content: '' }]),
    { files: 2 },
  ],
  ['an entry beside output/', 40, createZip([worker(1), { name: 'readme.md', content: '' }]), {}],
  ['an entry that climbs out', 40, createZip([worker(1), { name: 'output/../x', content: '' }]), {}],
  ['nothing in it', 40, createZip([]), {}],
  ['no worker.js', 40, createZip([{ name: 'output/assets/a.png', content: 'x' }]), {}],
  ['an empty worker.js', 40, createZip([worker(0)]), {}],
  ['a worker.js in the wrong place', 40, createZip([{ name: 'output/output/worker.js', content: 'x' }]), {}],
])('a bundle with %s fails with code %i', async (_, code, zip, limits) => {
  await using emulator = await useEmulator({ limits });
  const deploymentUuid = await deploy(emulator, zip);
  const events = await readEvents(await openEvents(emulator, deploymentUuid));
  expect(JSON.parse(events.at(-1) ?? '')).toMatchObject({ deployment_status: 'failed', error: { code } });
});

test('bundles at the limits are deployed; a file outside of assets/ is held to none of its own', async () => {
  const limits = { workerBytes: 100, assetBytes: 50, files: 3, unzippedBytes: 210 };
  await using emulator = await useEmulator({ limits });
  await deploy(
    emulator,
    createZip([
      worker(100),
      { name: 'output/assets/', content: '' },
      { name: 'output/assets/a', content: Buffer.alloc(50) },
      { name: 'output/worker.js.map', content: Buffer.alloc(60) },
    ]),
  );
  const deployment = await emulator.waitForDeployment(({ endedAtMs }) => endedAtMs !== undefined);
  expect(deployment).toMatchObject({
    status: 'completed',
    files: ['output/worker.js', 'output/assets/a', 'output/worker.js.map'],
  });
});

test('a zip that was written as a stream, with sizes after the data, is deployed', async () => {
  await using emulator = await useEmulator();
  const chunks: Buffer[] = [];
  const archive = new ZipArchive();
  archive.append('export default {}', { name: 'output/worker.js' });
  archive.append('é'.repeat(9999), { name: 'output/assets/ü.txt' });
  await Promise.all([
    archive.finalize(),
    pipeline(archive, new Writable({ write: (chunk, _, done) => void done(void chunks.push(chunk) as undefined) })),
  ]);
  await deploy(emulator, new Uint8Array(Buffer.concat(chunks)));
  const deployment = await emulator.waitForDeployment(({ endedAtMs }) => endedAtMs !== undefined);
  expect(deployment).toMatchObject({ status: 'completed', files: ['output/worker.js', 'output/assets/ü.txt'] });
});
