/** An upload with a fault on the way is repeated, and leaves exactly one artifact. */
import { expect, test } from '@jest/globals';
import type { Fault } from '../../emulator/emulator.ts';
import { timeoutMs } from '../timeouts.ts';
import { failureOf, NEVER, platform, useStore, writeZip } from './artifact-harness.ts';

/** Faults that each of the four calls may have once, and whether it was carried out anyway. */
const ONCE: Fault[] = (
  ['artifacts.create', 'artifacts.putBlock', 'artifacts.putBlockList', 'artifacts.finalize'] as const
).flatMap((call): Fault[] => [
  { call, effect: 'status', status: 401 },
  { call, effect: 'reset-before' },
  { call, effect: 'lost-answer' },
  { call, effect: 'reset-in-body' },
]);

test.each(ONCE)(
  '$call, $effect, once: the zip is stored, and only once',
  async (fault) => {
    const emulator = await platform({ faults: [fault] });
    const { store, leftovers } = useStore(emulator);
    const zip = writeZip();
    const artifact = await store.upload({ path: zip.path, name: 'a.zip' }, NEVER);
    expect(emulator.faults[0]).toMatchObject({ done: true });
    const finished = emulator.artifacts.list.filter(({ finalized }) => finalized);
    expect(finished).toMatchObject([{ id: artifact.id, name: artifact.name, sha256: zip.sha256 }]);
    expect(artifact).toMatchObject({ digest: zip.sha256, url: expect.stringMatching(new RegExp(`/${artifact.id}$`)) });
    expect(artifact.name).toMatch(/^a(?:-2)?\.zip$/);
    expect(leftovers()).toEqual([]);
  },
  timeoutMs(30_000),
);

test('a store that always refuses a signature is tried only twice', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'artifacts.putBlock', effect: 'status', status: 403, times: 'always' });
  const error = await failureOf(useStore(emulator).store.upload({ path: writeZip().path, name: 'a.zip' }, NEVER));
  expect(error).toMatchObject({ retry: 'now', transient: true, mayBeThere: false });
  expect(emulator.artifacts.list.filter(({ finalized }) => finalized)).toEqual([]);
  expect(emulator.requests.filter(({ call }) => call === 'artifacts.create').length).toBeLessThanOrEqual(5);
});

test.each([400, 403, 404])('after a permanent refusal (%i) the call is not repeated', async (status) => {
  const emulator = await platform();
  emulator.addFault({ call: 'artifacts.create', effect: 'status', status, times: 'always' });
  const error = await failureOf(useStore(emulator).store.upload({ path: writeZip().path, name: 'a.zip' }, NEVER));
  expect(error).toMatchObject({ retry: 'never', transient: false });
  expect(emulator.requests.map(({ call }) => call)).toEqual(['artifacts.create']);
});

test('a later call for the same zip finds an artifact that its first one has left behind', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'artifacts.finalize', effect: 'status', status: 400 });
  const { store } = useStore(emulator);
  const zip = writeZip();
  await failureOf(store.upload({ path: zip.path, name: 'a.zip' }, NEVER));
  expect(await store.upload({ path: zip.path, name: 'a.zip' }, NEVER)).toMatchObject({ name: 'a-2.zip' });
  expect(emulator.artifacts.list.filter(({ finalized }) => finalized)).toHaveLength(1);
});

test('an empty answer names its status', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'artifacts.create', effect: 'status', status: 400, body: '', times: 'always' });
  const { store } = useStore(emulator);
  const error = await failureOf(store.upload({ path: writeZip().path, name: 'a.zip' }, NEVER));
  expect(error.message).toMatch(/^The artifact a\.zip was not accepted: status 400, .*: the answer had no content\.$/);
});

test('a name held by another process is not taken over', async () => {
  const emulator = await platform();
  emulator.addFault({ call: 'artifacts.finalize', effect: 'status', status: 400 });
  await failureOf(useStore(emulator).store.upload({ path: writeZip().path, name: 'a.zip' }, NEVER));
  const artifact = await useStore(emulator).store.upload({ path: writeZip().path, name: 'a.zip' }, NEVER);
  expect(artifact.name).toBe('a-2.zip');
});

test('bytes that no other step has are the own ones, if an earlier process has stored them', async () => {
  const emulator = await platform();
  const zip = writeZip();
  const request = { path: zip.path, name: 'a.zip' };
  const first = await useStore(emulator).store.upload(request, NEVER);
  expect((await failureOf(useStore(emulator).store.upload(request, NEVER))).message).toContain(
    'already has an artifact',
  );
  expect(await useStore(emulator).store.upload({ ...request, isUnique: true }, NEVER)).toEqual(first);
  const other = { path: writeZip().path, name: 'a.zip', isUnique: true };
  expect((await failureOf(useStore(emulator).store.upload(other, NEVER))).message).toContain('already has an artifact');
  expect(emulator.artifacts.list).toHaveLength(1);
});
