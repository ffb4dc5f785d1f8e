import { expect, test } from '@jest/globals';
import type { EventSourceMessage } from 'eventsource-parser';
import fc from 'fast-check';
import { encodeSseEvent } from '../../emulator/streams/sse.ts';
import { decodeEvents } from '../../src/net/event-stream.ts';

async function decode(
  chunks: Uint8Array[],
): Promise<{ events: EventSourceMessage[]; faults: string[]; lastEventId: string | undefined; retryMs: number }> {
  const memory = { lastEventId: undefined as string | undefined, retryMs: 0 };
  const faults: string[] = [];
  async function* body() {
    yield* chunks;
  }
  const events: EventSourceMessage[] = [];
  for await (const event of decodeEvents(body(), memory, () => {}, { onFault: (fault) => faults.push(fault) }))
    events.push(event);
  return { events, faults, ...memory };
}

function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = Math.max(1, sizes[turn % Math.max(1, sizes.length)] ?? 1);
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

test('every chunking and every line ending gives the same events, including multi-byte text', async () => {
  const data = fc.array(
    fc.record({ step: fc.string({ unit: 'grapheme', maxLength: 20 }), progress: fc.integer({ min: 0, max: 100 }) }),
    { minLength: 1, maxLength: 6 },
  );
  const property = fc.asyncProperty(
    data,
    fc.constantFrom('\n', '\r\n', '\r'),
    fc.boolean(),
    fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }),
    async (events, lineEnd, bom, sizes) => {
      // Written by hand, according to the standard, without an encoder.
      const text = events
        .map((event) => `: note${lineEnd}id: 7${lineEnd}data: ${JSON.stringify(event)}${lineEnd}${lineEnd}`)
        .join('');
      const bytes = new TextEncoder().encode(`${bom ? '\uFEFF' : ''}${text}`);
      const decoded = await decode(cut(bytes, sizes));
      expect(decoded.events.map((event) => JSON.parse(event.data))).toEqual(events);
      expect(decoded.lastEventId).toBe('7');
    },
  );
  await fc.assert(property, { numRuns: 200 });
});

test("reads what the embedded platform's own encoder writes", async () => {
  const encoded = encodeSseEvent({ data: '{"a":1}\n{"b":2}', event: 'message', id: '3', retryMs: 1500 });
  const decoded = await decode([new TextEncoder().encode(encoded)]);
  expect(decoded.events).toEqual([{ data: '{"a":1}\n{"b":2}', event: 'message', id: '3' }]);
  expect(decoded).toMatchObject({ lastEventId: '3', retryMs: 1500, faults: [] });
});

test.each(['\n', '\r\n', '\r'])(
  'an event of over 1 MB is reported and skipped, and the next one is read (%j)',
  async (end) => {
    const huge = new TextEncoder().encode(`data: ${'x'.repeat(100_000)}${end}`);
    const after = new TextEncoder().encode(`${end}data: next${end}${end}`);
    const decoded = await decode([...Array.from({ length: 30 }, () => huge), ...cut(after, [1])]);
    expect(decoded.events.map(({ data }) => data)).toEqual(['next']);
    expect(decoded.faults).toHaveLength(1);
  },
);

test('an unfinished event at the end of a connection is dropped', async () => {
  const decoded = await decode([new TextEncoder().encode('data: {"deployment_status":"completed"}\n')]);
  expect(decoded.events).toEqual([]);
});
