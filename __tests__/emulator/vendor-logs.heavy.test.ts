import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { RecordedRequest } from '../../emulator/recorder.ts';
import { timeoutMs } from '../timeouts.ts';
import { useEmulator } from './helpers.ts';
import { useVendorTool } from './vendor-tool-helpers.ts';

const START = '2026-01-01T00:00:00.000Z';
const END = '2026-01-07T00:00:00.000Z';
const LIMIT_MS = timeoutMs(60_000);

/** So many seconds after the start of the window. */
const at = (seconds: number) => new Date(Date.parse(START) + seconds * 1000).toISOString();

const tool = useVendorTool();

function useTls() {
  return useEmulator({ tls: true });
}

function addSamples(emulator: Emulator): void {
  const uuid = emulator.projects[0]?.uuid ?? '';
  emulator.addWorkerLog(uuid, {
    request: { method: 'POST', url: 'https://shop.example/cart', status_code: 500 },
    logs: [{ timestamp: at(1), level: 'warn', messages: ['slow', { ms: 12 }] }],
    exceptions: [{ timestamp: at(2), name: 'TypeError', message: 'thrown' }],
    timestamp: at(0),
  });
  // A request that logs nothing.
  const request = { method: 'GET', url: 'https://shop.example/', status_code: 200 };
  emulator.addWorkerLog(uuid, { request, logs: [], timestamp: at(10) });
}

/** From its answer on, a tail gets what is logged. */
const isOpen = ({ call, status }: RecordedRequest) => call === 'logs' && status === 200;

const EXCEPTION = ['EXCEPTION', "name: 'TypeError'", "message: 'thrown'"];

test.each([
  ['default', [`[${at(1)}] [WARN] slow {"ms":12}`, ...EXCEPTION]],
  ['short', ['slow {"ms":12}', ...EXCEPTION]],
  [
    'request',
    [
      `[${at(1)}] POST https://shop.example/cart (500) [WARN] slow {"ms":12}`,
      ...EXCEPTION,
      `[${at(10)}] GET https://shop.example/ (200)`,
    ],
  ],
  ['pretty', ['"slow",', '"ms": 12', '"status_code": 200']],
] as const)(
  'logs tail --format %s shows what is logged while it runs',
  async (format, expected) => {
    await using emulator = await useTls();
    const running = tool.start(emulator, ['logs', 'tail', '--format', format]);
    await emulator.waitForRequest(isOpen);
    addSamples(emulator);
    // The last that it is sent: an event that each format shows.
    emulator.addWorkerLog(emulator.projects[0]?.uuid ?? '', {
      logs: [{ timestamp: at(20), level: 'info', messages: ['the end'] }],
    });
    const { output } = await running.stopAt(/the end/);
    for (const part of expected) expect(output).toContain(part);
    expect(output).not.toContain('Failed to parse');
    expect(output.includes('GET https://shop.example/ (200)')).toBe(format === 'request');
    expect(emulator.requests.map(({ call }) => call)).toEqual(['logs']);
    expect(emulator.violations).toEqual([]);
  },
  LIMIT_MS,
);

test(
  'logs tail --format json gives the events as they are, also after the stream was cut',
  async () => {
    await using emulator = await useEmulator({ tls: true, logCutMs: 200 });
    const running = tool.start(emulator, ['logs', 'tail', '--format', 'json']);
    await emulator.waitForRequest(isOpen, { count: 2 });
    addSamples(emulator);
    const { stdout } = await running.stopAt(/(?:\{.*\n[\s\S]*){2}/);
    const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
    const [first, second] = lines.map((line) => JSON.parse(line));
    expect(first).toEqual({
      uuid: expect.any(String),
      project_uuid: emulator.projects[0]?.uuid,
      request: { method: 'POST', url: 'https://shop.example/cart', status_code: 500 },
      logs: [{ timestamp: at(1), level: 'warn', messages: ['slow', { ms: 12 }] }],
      exceptions: [{ timestamp: at(2), name: 'TypeError', message: 'thrown' }],
      timestamp: at(0),
    });
    expect(second).toMatchObject({ request: { status_code: 200 }, logs: [], exceptions: [], timestamp: at(10) });
  },
  LIMIT_MS,
);

function query(emulator: Emulator, ...args: string[]) {
  return tool.run(emulator, ['logs', 'query', '--start', START, '--end', END, ...args]);
}

/** The lines of entries. */
const entriesOf = (output: string) => [...output.matchAll(/^\[log\] (\[.*)$/gm)].map(([, line]) => line ?? '');

test(
  'logs query shows what was logged, with each of its filters',
  async () => {
    await using emulator = await useTls();
    addSamples(emulator);
    const [log, exception] = [`[${at(1)}] [WARN] slow {"ms":12}`, `[${at(2)}] [ERROR] [TypeError] thrown`];
    const show = async (...args: string[]) => entriesOf((await query(emulator, ...args)).output);
    expect(await show()).toEqual([log, exception]);
    expect(await show('--level-min', 'error')).toEqual([exception]);
    expect((await show('--format', 'request', '--method', 'get')).join()).toContain('GET https://shop.example/ (200)');
    expect(await show('--format', 'request', '--url-like', '/cart', '--status-code', '500')).toHaveLength(3);
    expect(await show('--status-code', '404')).toEqual([]);
    expect((await query(emulator, '--status-code', '404')).output).toContain('No log entries found');
    const { stdout } = await query(emulator, '--format', 'json', '--limit', '1');
    const [entry, meta] = stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
    expect(entry).toMatchObject({ timestamp: at(10), entry_type: 'request', request: { status_code: 200 } });
    expect(meta.meta.cursor_pagination).toMatchObject({ links: { next: expect.any(String) }, has_next_page: true });
    expect(emulator.violations).toEqual([]);
  },
  2 * LIMIT_MS,
);

test.each([undefined, 'links', 'flags'] as const)(
  'logs query leads from page to page to the last entry, and back (form: %s)',
  async (form) => {
    await using emulator = await useTls();
    if (form !== undefined) emulator.addFault({ call: 'queryLogs', effect: 'paging-form', form, times: 'always' });
    const uuid = emulator.projects[0]?.uuid ?? '';
    // Some at one time, so that the time alone cannot tell the pages apart.
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    for (const [index, name] of names.entries()) {
      const timestamp = at(Math.floor(index / 3));
      emulator.addWorkerLog(uuid, { logs: [{ timestamp, level: 'info', messages: [name] }], timestamp });
    }
    const pages: string[][] = [];
    let output = (await query(emulator, '--limit', '3', '--format', 'request', '--level-min', 'info')).output;
    const backs: string[] = [];
    for (;;) {
      pages.push(entriesOf(output));
      // Otherwise a cursor that does not lead on would keep the test running.
      expect(pages.length).toBeLessThanOrEqual(5);
      const next = hintOf(output, 'Next page');
      const back = hintOf(output, 'Previous page');
      if (back !== undefined) backs.push(back);
      if (next === undefined) break;
      output = (await tool.run(emulator, next.split(' '))).output;
    }
    // Each event is a request and a log; the oldest of a page comes first.
    expect(pages.map((page) => page.length)).toEqual([3, 3, 3, 3, 2]);
    const all = pages.toReversed().flat();
    expect(all.filter((line) => /\b[a-g]$/.test(line)).map((line) => line.at(-1))).toEqual(names);
    const last = await tool.run(emulator, (backs.at(-1) ?? '').split(' '));
    expect(entriesOf(last.output)).toEqual(pages.at(-2));
  },
  3 * LIMIT_MS,
);

/** The arguments of the command that the tool proposes. */
function hintOf(output: string, title: string): string | undefined {
  return new RegExp(`${title}:\\s+catalyst (.+)`).exec(output)?.[1]?.trim();
}

test(
  "logs query shows the platform's own errors",
  async () => {
    await using emulator = await useTls();
    const refused = await query(emulator, '--after', 'x');
    expect([refused.code, refused.output]).toEqual([1, expect.stringContaining('after: is not a valid cursor')]);
  },
  LIMIT_MS,
);
