/** Our lines beside those of BigCommerce's own tool, for the same entries on the same platform. */
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../../emulator/emulator.ts';
import type { RecordedRequest } from '../../../emulator/recorder.ts';
import { createLogsClient } from '../../../src/bigcommerce/worker-logs.ts';
import { type LogFormat, renderEvent } from '../../../src/domain/worker-logs/formats.ts';
import type { WorkerLogEvent } from '../../../src/domain/worker-logs/log-event.ts';
import { useEmulator } from '../../emulator/helpers.ts';
import { useVendorTool } from '../../emulator/vendor-tool-helpers.ts';
import { startHttpClient } from '../../net/http-client.ts';
import { timeoutMs } from '../../timeouts.ts';

const START = '2026-01-01T00:00:00.000Z';
const END = '2026-01-07T00:00:00.000Z';
const LIMIT_MS = timeoutMs(60_000);
const at = (seconds: number) => new Date(Date.parse(START) + seconds * 1000).toISOString();

type Sample = NonNullable<Parameters<Emulator['addWorkerLog']>[1]>;

const request = { method: 'POST', url: 'https://shop.example/cart?a=1', status_code: 500 };
const nested = { items: [1, null, { deep: 'ü✓' }], 'a key': '"quoted"' };
/** Each log on one line, so that the tail prints it as the query does. */
const LOGS: readonly Sample[] = [
  { request, logs: [{ timestamp: at(1), level: 'warn', messages: ['slow', { ms: 12 }, 7, null, true, [nested]] }] },
  {
    request,
    logs: [
      { timestamp: at(2), level: 'debug', messages: ['a'] },
      { timestamp: at(3), level: 'error', messages: ['b'] },
    ],
  },
  { request: { method: 'GET', url: 'https://shop.example/', status_code: 200 }, logs: [], timestamp: at(4) },
];
/** What the tail prints in another way, or breaks over several lines. */
const MORE: readonly Sample[] = [
  { request, logs: [{ timestamp: at(5), level: 'info', messages: ['two\n  lines\t and', 'a third \n'] }] },
  { request, logs: [], exceptions: [{ timestamp: at(6), name: 'TypeError', message: 'thrown' }], timestamp: at(6) },
  {
    request,
    logs: [],
    exceptions: [{ timestamp: at(7), name: 'RangeError', message: 'RangeError: too far' }],
    timestamp: at(7),
  },
  { request: null, logs: [{ timestamp: at(8), level: 'info', messages: ['no request'] }], timestamp: at(8) },
  { request: { ...request, status_code: 0 }, logs: [{ timestamp: at(9), level: 'info', messages: ['given up'] }] },
];

const FORMATS: readonly LogFormat[] = ['default', 'short', 'request', 'json'];

const tool = useVendorTool();

const uuidOf = (emulator: Emulator) => emulator.projects[0]?.uuid ?? '';

function addAll(emulator: Emulator, samples: readonly Sample[]): void {
  for (const sample of samples) emulator.addWorkerLog(uuidOf(emulator), { timestamp: at(1), ...sample });
}

/** A client of the same platform by plain HTTP: what is compared are the lines. */
function clientOf(emulator: Emulator, apiOrigin: string) {
  const { storeHash, accessToken } = emulator;
  const http = startHttpClient();
  return createLogsClient({
    ...{ http, apiOrigin, storeHash, accessToken },
    signal: new AbortController().signal,
    onRetry: () => {},
  });
}

const isOpen = ({ call, status }: RecordedRequest) => call === 'logs' && status === 200;

/** What the tool has printed of entries: without its own words, and what it puts before a line. */
function linesOf(output: string): string[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('[log]') || line.startsWith('{'))
    .map((line) => line.replace(/^\[log\] ?/, '').trimEnd())
    .filter((line) => !line.includes('@bigcommerce/catalyst v'));
}

/** The oldest first, as the tool prints them; without requests, as it leaves them out of these formats. */
async function queryLines(emulator: Emulator, format: LogFormat): Promise<string[]> {
  const pages: WorkerLogEvent[] = [];
  const filter = { startMs: Date.parse(START), endMs: Date.parse(END) };
  const client = clientOf(emulator, emulator.origin);
  for await (const page of client.query(uuidOf(emulator), filter)) pages.push(...page);
  return pages.toReversed().flatMap((event) => renderEvent(event, format));
}

test.each(FORMATS)(
  'logs query --format %s',
  async (format) => {
    await using secure = await useEmulator({ tls: true });
    await using plain = await useEmulator();
    for (const emulator of [secure, plain]) addAll(emulator, [...LOGS, ...MORE]);
    const args = ['--start', START, '--end', END, '--format', format];
    const { stdout } = await tool.run(secure, ['logs', 'query', ...args]);
    const theirs = linesOf(stdout);
    const ours = await queryLines(plain, format);
    if (format === 'json') {
      const { meta } = JSON.parse(theirs.pop() ?? '');
      expect(meta).toHaveProperty('cursor_pagination');
      // Two platforms give two ids; the tool leaves out the fields that it does not know.
      const read = (line: string) => ({ ...JSON.parse(line), id: '', request_id: '' });
      expect(ours.map(read)).toEqual(theirs.map(read));
    } else expect(ours).toEqual(theirs);
    expect(theirs).toHaveLength(format === 'default' || format === 'short' ? 8 : 15);
  },
  LIMIT_MS,
);

test.each(FORMATS)(
  'logs tail --format %s',
  async (format) => {
    await using secure = await useEmulator({ tls: true });
    await using plain = await useEmulator();
    const running = tool.start(secure, ['logs', 'tail', '--format', format]);
    const stop = new AbortController();
    const tail = clientOf(plain, plain.origin).tail(uuidOf(plain), {
      signal: stop.signal,
      onReconnect: () => {},
      onSkipped: (description) => expect(description).toBe(''),
    });
    const events: WorkerLogEvent[] = [];
    const following = (async () => {
      for await (const event of tail) if (events.push(event) > LOGS.length) return;
    })();
    await Promise.all([secure.waitForRequest(isOpen), plain.waitForRequest(isOpen)]);
    const end = { request, logs: [{ timestamp: at(60), level: 'info' as const, messages: ['the end'] }] };
    for (const emulator of [secure, plain]) addAll(emulator, [...LOGS, end]);
    const theirs = linesOf((await running.stopAt(/the end/)).stdout);
    await following;
    const ours = events.flatMap((event) => renderEvent(event, format));
    if (format === 'json') {
      const read = (line: string) => ({ ...JSON.parse(line), uuid: '', project_uuid: '' });
      expect(ours.map(read)).toEqual(theirs.map(read));
    } else expect(ours).toEqual(theirs);
    expect(theirs.length).toBeGreaterThanOrEqual(4);
  },
  LIMIT_MS,
);
