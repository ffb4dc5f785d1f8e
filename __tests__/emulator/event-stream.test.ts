import { expect, test } from '@jest/globals';
import { createParser } from 'eventsource-parser';
import type { Emulator, Fault } from '../../emulator/emulator.ts';
import { encodeSseEvent } from '../../emulator/streams/sse.ts';
import type { StreamFault } from '../../emulator/streams/stream-faults.ts';
import { callApi, deploy, openEvents, readEvents, useEmulator } from './helpers.ts';

test.each(['\n', '\r\n', '\r'] as const)('events with %j are what an independent reader reads', (lineEnding) => {
  const events: object[] = [];
  const parser = createParser({
    onEvent: (event) => events.push(event),
    onRetry: (retryMs) => events.push({ retryMs }),
  });
  parser.feed(encodeSseEvent({ retryMs: 70 }, lineEnding));
  parser.feed(encodeSseEvent({ event: 'message', id: '7', data: '{"a": "é"}' }, lineEnding));
  parser.feed(encodeSseEvent({ data: 'one\ntwo\r\nthree\n' }, lineEnding));
  parser.feed(encodeSseEvent({ data: 'last', event: 'a\nb' }, lineEnding));
  // With a lone CR a reader cannot know that the line is over before the next byte.
  parser.feed(':');
  expect(events).toEqual(
    [
      { retryMs: 70 },
      { event: 'message', id: '7', data: '{"a": "é"}' },
      { event: undefined, id: expect.anything(), data: 'one\ntwo\nthree\n' },
      { event: 'a b', id: expect.anything(), data: 'last' },
    ].map((event) => ('id' in event && event.id !== '7' ? { ...event, id: undefined } : event)),
  );
});

/** A stream of one deployment that is held in `deploying` and cut there, as raw text and as events. */
async function readHeldStream(emulator: Emulator, faults: StreamFault[]) {
  const deploymentUuid = await deploy(emulator);
  await emulator.waitForDeployment(({ step }) => step === 'deploying');
  for (const fault of faults) emulator.addFault({ call: 'events', ...fault } as Fault);
  emulator.addFault({ call: 'events', effect: 'cut-after', events: 1 });
  const response = await openEvents(emulator, deploymentUuid);
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body ?? []) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const events = await readEvents(new Response(text.endsWith('\r') ? `${text}:` : text));
  return { chunks, text, events, deploymentUuid };
}

const useHeld = () => useEmulator({ holdDeploymentsAt: 'deploying' });

test.each<[string, StreamFault[], RegExp]>([
  ['bare', [], /^data: \{.*\}\n\n$/],
  ['crlf', [{ effect: 'chunking', chunking: 'crlf' }], /^data: \{.*\}\r\n\r\n$/],
  ['cr', [{ effect: 'chunking', chunking: 'cr' }], /^data: \{.*\}\r\r$/],
  ['id', [{ effect: 'id' }], /^id: \d+\ndata: \{.*\}\n\n$/],
  ['retry', [{ effect: 'retry', retryMs: 5 }], /^retry: 5\n\ndata: \{.*\}\n\n$/],
  ['bom', [{ effect: 'bom' }], /^\uFEFFdata: \{.*\}\n\n$/],
  ['comments', [{ effect: 'comments' }], /^: keep-alive\n\ndata: \{.*\}\n\n$/],
  ['multiline', [{ effect: 'multiline' }], /^data: \{\ndata: {3}"deployment_uuid".*\ndata: \}\n\n$/s],
])('a stream that is %s', async (_, faults, form) => {
  await using emulator = await useHeld();
  const { text, events } = await readHeldStream(emulator, faults);
  expect(text).toMatch(form);
  expect(events.map((data) => JSON.parse(data).event.step)).toEqual(['deploying']);
});

test('bytes come one by one, with any line ending', async () => {
  await using emulator = await useHeld();
  const { chunks, text } = await readHeldStream(emulator, [
    { effect: 'chunking', chunking: 'bytes' },
    { effect: 'chunking', chunking: 'crlf' },
  ]);
  expect(text).toContain('\r\n\r\n');
  expect(chunks.length).toBeGreaterThan(text.length / 2);
});

test('characters are torn apart', async () => {
  await using emulator = await useHeld();
  const { chunks, events } = await readHeldStream(emulator, [{ effect: 'chunking', chunking: 'split-multibyte' }]);
  expect(JSON.parse(events[0] ?? '').note).toContain('🚀');
  expect(chunks.some((chunk) => Buffer.from(chunk).toString().includes('\uFFFD'))).toBe(true);
});

test('malformed and unknown events, copies and hostile text are mixed in', async () => {
  await using emulator = await useHeld();
  const { events, deploymentUuid } = await readHeldStream(emulator, [
    { effect: 'malformed', hugeBytes: 2000 },
    { effect: 'unknown' },
    { effect: 'repeat', copies: 2 },
    { effect: 'hostile', text: '::error::\n<img>', fields: ['step'] },
  ]);
  expect(events.slice(0, 6)).toEqual([
    '{"deployment_status": "completed", "event": ',
    'null',
    '"completed"',
    '[{"deployment_status":"completed"}]',
    expect.not.stringContaining('deployment_status'),
    expect.stringContaining('"deployment_status":7'),
  ]);
  expect(events.slice(-4).map((data) => JSON.parse(data))).toMatchObject([
    { deployment_uuid: deploymentUuid, event: { step: 'warming_caches' } },
    { deployment_status: 'paused' },
    { event: { step: '::error::\n<img>', progress: 75 }, region: 'moon-1' },
    { event: { step: '::error::\n<img>', progress: 75 }, region: 'moon-1' },
  ]);
  expect(events.some((data) => data.length > 2000)).toBe(true);
});

test('a stream is reset after some events', async () => {
  await using emulator = await useHeld();
  const deploymentUuid = await deploy(emulator);
  emulator.addFault({ call: 'events', effect: 'reset-after', events: 1 });
  await expect(readEvents(await openEvents(emulator, deploymentUuid))).rejects.toThrow();
});

test('a silent stream is held open past its cut, until the client goes', async () => {
  await using emulator = await useEmulator({ holdDeploymentsAt: 'deploying', streamCutMs: 1 });
  const deploymentUuid = await deploy(emulator);
  emulator.addFault({ call: 'events', effect: 'silence', events: 0 });
  const client = new AbortController();
  const silent = await callApi(emulator, `/deployments/${deploymentUuid}/events`, { signal: client.signal });
  await readEvents(await openEvents(emulator, deploymentUuid));
  expect(emulator.requests.filter(({ call }) => call === 'events').map(({ finished }) => finished)).toEqual([
    false,
    true,
  ]);
  client.abort();
  await expect(silent.text()).rejects.toThrow();
  await emulator.waitForRequestEnd('events', { count: 2 });
});

test('the documented form carries event lines', async () => {
  await using emulator = await useEmulator({ sseForm: 'documented' });
  const response = await openEvents(emulator, await deploy(emulator));
  expect(await response.text()).toMatch(/^event: message\ndata: \{/);
});

test('worker logs go to all listeners, with keep-alives, and the server ends the tail', async () => {
  await using emulator = await useEmulator({ logCutMs: 100, logKeepAliveMs: 10 });
  const uuid = emulator.projects[0]?.uuid ?? '';
  const response = await callApi(emulator, `/logs/${uuid}/tail`);
  emulator.addWorkerLog(uuid, { request: null });
  const text = await response.text();
  expect(text).toContain(': keep-alive\n\n');
  const events = await readEvents(new Response(text));
  expect(events.map((data) => JSON.parse(data))).toMatchObject([
    { project_uuid: uuid, request: null, logs: [{ level: 'info', messages: [expect.any(String)] }], exceptions: [] },
  ]);
  expect((await callApi(emulator, '/logs/x/tail')).status).toBe(400);
});
