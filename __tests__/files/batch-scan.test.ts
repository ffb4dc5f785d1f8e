import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Span, scanJson } from '../../src/files/batch/scan-json.ts';

const piece = fc.oneof(
  fc.constantFrom(
    ...'{}[],:"\\ \t\r\n-+.eE0129tfnu',
    'true',
    'false',
    'null',
    '"a"',
    '"\\u00e9"',
    '\\u12',
    '\\"',
    '{"a":1}',
    '[1]',
    '1.5e-3',
    '-0',
    '\u2028',
    '\u0007',
    '\ufeff',
    'é',
  ),
);
const spaced = fc
  .tuple(fc.json({ depthSize: 'medium' }), fc.constantFrom(0, 1, '\t'))
  .map(([text, space]) => JSON.stringify(JSON.parse(text), null, space));
const changed = fc
  .tuple(spaced, fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.oneof(piece, fc.constant(''))), { maxLength: 3 }))
  .map(([text, edits]) =>
    edits.reduce(
      (now, [at, gone, put]) => now.slice(0, at % (now.length + 1)) + put + now.slice((at % (now.length + 1)) + gone),
      text,
    ),
  );

test('it takes what JSON.parse takes, and nothing else', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        changed,
        fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
      ),
      (text) => {
        const bytes = Buffer.from(text);
        const found = scanJson(bytes);
        expect(found.wrongAt === undefined).toBe(isJson(bytes.toString()));
        if (found.wrongAt === undefined) return;
        expect(found.wrongAt).toBeLessThanOrEqual(bytes.length);
        // Up to there it could have gone on: what JSON.parse says of that much is that its end has not come.
        if (found.wrongAt < bytes.length)
          expect(scanJson(bytes.subarray(0, found.wrongAt)).wrongAt ?? found.wrongAt).toBe(found.wrongAt);
      },
    ),
    { numRuns: 20_000 },
  );
});

test('names and values of an object are reported with their places', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 2), (record, space) => {
      const bytes = Buffer.from(JSON.stringify(record, null, space));
      const members: { name: Span; value: Span }[] = [];
      const { hasSpace } = scanJson(bytes, { member: (name, value) => members.push({ name, value }) });
      const textOf = ({ start, end }: { start: number; end: number }) => JSON.parse(bytes.toString('utf8', start, end));
      expect(members.map(({ name, value }) => [textOf(name), textOf(value)])).toEqual(
        Object.entries(JSON.parse(bytes.toString())),
      );
      expect(hasSpace).toBe(space > 0 && Object.keys(record).length > 0);
    }),
  );
});

test('members of the objects in an object are reported before the member that has them, those further in are not', () => {
  const text = '{"a":{"b":{"c":1},"d":[{"e":2}]},"f":3,"g":[{"h":4}],"i":{}}';
  const bytes = Buffer.from(text);
  const seen: string[] = [];
  const textOf = ({ start, end }: Span) => bytes.toString('utf8', start, end);
  scanJson(bytes, {
    member: (name, value) => seen.push(`${textOf(name)}=${textOf(value)}`),
    inner: (nameStart, nameEnd, start, end) =>
      seen.push(`inner ${textOf({ start: nameStart, end: nameEnd })}=${textOf({ start, end })}`),
  });
  expect(seen).toEqual([
    'inner "b"={"c":1}',
    'inner "d"=[{"e":2}]',
    '"a"={"b":{"c":1},"d":[{"e":2}]}',
    '"f"=3',
    '"g"=[{"h":4}]',
    '"i"={}',
  ]);
});

test('a text that is nested very deeply is read, too', () => {
  const depth = 1_000_000;
  expect(scanJson(Buffer.from('['.repeat(depth) + ']'.repeat(depth))).wrongAt).toBeUndefined();
  expect(scanJson(Buffer.from('['.repeat(depth))).wrongAt).toBe(depth);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
