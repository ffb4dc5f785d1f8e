import { expect, test } from '@jest/globals';
import { callService, createArtifact, finalize, putBlob } from './artifacts-helpers.ts';
import { useEmulator } from './helpers.ts';

test('a status has the form of the side that it hits, and the work is not done', async () => {
  await using emulator = await useEmulator();
  emulator.addFault({ call: 'artifacts.create', effect: 'status', status: 503, headers: { 'retry-after': '1' } });
  expect(await callService(emulator, 'CreateArtifact', { name: 'a.zip' })).toEqual({
    status: 503,
    body: { code: 'unavailable', msg: 'a fault that was asked for' },
  });
  expect(emulator.artifacts.list).toEqual([]);
  const url = await createArtifact(emulator);
  emulator.addFault({ call: 'artifacts.putBlob', effect: 'status', status: 503 });
  const response = await putBlob(url, 'content');
  expect([response.status, response.headers.get('x-ms-error-code')]).toEqual([503, 'ServerBusy']);
  expect(await response.text()).toContain('<Code>ServerBusy</Code>');
  expect((await finalize(emulator, 'bundle.zip', 'content')).status).toBe(412);
});

test('a fault can have a body of its own', async () => {
  await using emulator = await useEmulator();
  const body = { code: 'internal', msg: '::error::hostile' };
  emulator.addFault({ call: 'artifacts.list', effect: 'status', status: 500, body });
  expect(await callService(emulator, 'ListArtifacts')).toEqual({ status: 500, body });
});

test('if the answer is lost, the work is done: the name is in use', async () => {
  await using emulator = await useEmulator();
  emulator.addFault({ call: 'artifacts.create', effect: 'lost-answer' });
  await expect(callService(emulator, 'CreateArtifact', { name: 'a.zip' })).rejects.toThrow();
  expect((await callService(emulator, 'CreateArtifact', { name: 'a.zip' })).status).toBe(409);
});

test('if the connection breaks, the work is not done', async () => {
  await using emulator = await useEmulator();
  emulator.addFault({ call: 'artifacts.create', effect: 'reset-before' });
  await expect(callService(emulator, 'CreateArtifact', { name: 'a.zip' })).rejects.toThrow();
  expect(emulator.artifacts.list).toEqual([]);
});

test('a request that hangs is never answered, and its work is not done', async () => {
  await using emulator = await useEmulator();
  const url = await createArtifact(emulator);
  for (const call of ['artifacts.putBlob', 'artifacts.create'] as const) {
    const afterIndex = emulator.requests.length - 1;
    emulator.addFault({ call, effect: 'hang' });
    const calling =
      call === 'artifacts.create'
        ? callService(emulator, 'CreateArtifact', { name: 'other.zip' })
        : putBlob(url, 'content');
    // It is rejected when the emulator goes.
    calling.catch(() => {});
    const request = await emulator.waitForRequest(call, { afterIndex });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(request.bodyBytes).toBeGreaterThan(0);
    expect(request).toMatchObject({ status: undefined, finished: false, faults: ['hang'] });
  }
  expect((await finalize(emulator, 'bundle.zip', 'content')).status).toBe(412);
  expect(emulator.artifacts.list.map(({ name }) => name)).toEqual(['bundle.zip']);
});
