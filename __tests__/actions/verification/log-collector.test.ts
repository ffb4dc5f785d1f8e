/** How pages that are asked tell the clock of the platform, by which its logs are told apart. */
import { expect, test } from '@jest/globals';
import { CountingRequests, notePages } from '../../../src/actions/verification/log-collector.ts';
import { OwnRequests } from '../../../src/domain/worker-logs/own-requests.ts';
import { page, SHOP } from '../../domain/verification/answers.ts';
import { eventOf } from '../../domain/worker-logs/log-events.ts';

const NOW_MS = Date.UTC(2026, 0, 2);
const BEHIND_MS = 300_000;

/** Whether a log of five minutes ago, and one of now, may be of a request of now. */
async function owned(headers: Record<string, string>): Promise<boolean[]> {
  const requests = new OwnRequests();
  const inner = { get: async () => page(200, '', headers), close: async () => {} };
  const pages = notePages(inner, requests, new CountingRequests(), () => NOW_MS);
  const { signal } = new AbortController();
  await pages.get({ url: new URL(SHOP), headers: {}, hosts: new Set(), timeoutMs: 1000, signal });
  return [NOW_MS - BEHIND_MS, NOW_MS].map((atMs) => requests.owns(eventOf('/', atMs)));
}

test.each<[string, Record<string, string>, boolean[]]>([
  ['that is not given is that of the runner', {}, [false, true]],
  ['is that of the answer', { date: new Date(NOW_MS - BEHIND_MS).toUTCString() }, [true, false]],
  ['counts on by the age', { date: new Date(NOW_MS - BEHIND_MS - 60_000).toUTCString(), age: '60' }, [true, false]],
  ['is unknown for an age that is none', { date: new Date(NOW_MS - BEHIND_MS).toUTCString(), age: 'x' }, [false, true]],
])('the time of the platform %s', async (_, headers, expected) => {
  expect(await owned(headers)).toEqual(expected);
});
