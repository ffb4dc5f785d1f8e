/** When the chunks of a file are sent: see `listen` in src/net/upload.ts. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as actual from 'node:timers/promises';
import { expect, jest, test } from '@jest/globals';
import type { HttpCall } from '../../src/net/call.ts';
import type { HttpClient } from '../../src/net/http.ts';
import { temporaryFolder } from '../clean-up.ts';

const turns: string[] = [];
jest.unstable_mockModule('node:timers/promises', () => ({
  ...actual,
  setTimeout: async (durationMs: number) => {
    await actual.setImmediate();
    turns.push(`waited ${durationMs} ms`);
  },
  setImmediate: async () => {
    await actual.setImmediate();
    turns.push('read');
  },
}));
const { putFile } = await import('../../src/net/upload.ts');

async function send(more: { mayBeRefusedEarly?: true }): Promise<string[]> {
  turns.length = 0;
  const path = join(temporaryFolder(), 'file');
  writeFileSync(path, 'four');
  const http = {
    send: async ({ body }: HttpCall) => {
      for await (const chunk of body as AsyncIterable<Uint8Array>) turns.push(`sent ${chunk.length}`);
      return { status: 200, headers: {}, text: '' };
    },
  } as unknown as HttpClient;
  await putFile(http, {
    ...{ what: 'Uploading', url: new URL('https://storage.example/'), path, sizeBytes: 4, headers: {} },
    ...{ stallMs: 10_000, answerMs: 10_000, onProgress: () => {}, signal: new AbortController().signal },
    explain: () => undefined,
    ...more,
  });
  return turns;
}

test('where an answer may come early, what has arrived is read before each chunk', async () => {
  expect(await send({ mayBeRefusedEarly: true })).toEqual(['waited 1 ms', 'read', 'sent 4']);
});

test('elsewhere nothing is waited for', async () => {
  expect(await send({})).toEqual(['sent 4']);
});
