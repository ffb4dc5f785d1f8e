/** With `keptRecords` the platform remembers only so much, however long it runs. */
import { existsSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { dropOldest } from '../../emulator/kept-records.ts';
import { callApi, deploy, openEvents, sign, useEmulator } from './helpers.ts';

test('the oldest go, but none that may not, and none behind it', () => {
  const records = [1, 2, 3, 4, 5];
  expect(dropOldest(records, 3, () => true)).toEqual([1, 2]);
  expect(records).toEqual([3, 4, 5]);
  expect(dropOldest(records, 1, (one) => one !== 4)).toEqual([3]);
  expect(dropOldest(records, 5, () => true)).toEqual([]);
  expect(records).toEqual([4, 5]);
});

test('requests, uploads with their files, and deployments that are over', async () => {
  await using emulator = await useEmulator({ keptRecords: 2 });
  const deploymentUuids: string[] = [];
  const paths: string[] = [];
  for (let count = 0; count < 4; count += 1) {
    deploymentUuids.push(await deploy(emulator));
    paths.push(emulator.uploads.at(-1)?.path ?? '');
    await emulator.waitForDeployment(({ deploymentUuid, status }) => {
      return deploymentUuid === deploymentUuids.at(-1) && status === 'completed';
    });
  }
  expect(emulator.deployments.map(({ deploymentUuid }) => deploymentUuid)).toEqual(deploymentUuids.slice(2));
  expect((await openEvents(emulator, deploymentUuids[1] ?? '')).status).toBe(404);
  expect((await openEvents(emulator, deploymentUuids[2] ?? '')).status).toBe(200);
  expect(paths.map((path) => existsSync(path))).toEqual([false, false, true, true]);
  // The numbers go on: who waits for a request after another one finds it.
  await callApi(emulator, '/projects');
  expect(emulator.requests.length).toBeLessThanOrEqual(3);
  expect(emulator.requests.at(-1)?.index).toBe(14);
});

test('a deployment that is under way stays, however many come after it', async () => {
  await using emulator = await useEmulator({ keptRecords: 1, projects: ['one', 'two'], holdDeploymentsAt: 'queued' });
  const held = await deploy(emulator);
  await sign(emulator);
  await sign(emulator);
  expect(emulator.deployments.map(({ deploymentUuid }) => deploymentUuid)).toEqual([held]);
});

test('unless asked otherwise, all is remembered', async () => {
  await using emulator = await useEmulator();
  for (let count = 0; count < 30; count += 1) await sign(emulator);
  expect(emulator.uploads).toHaveLength(30);
  expect(emulator.requests.map(({ index }) => index)).toEqual(Array.from({ length: 30 }, (_, index) => index));
});
