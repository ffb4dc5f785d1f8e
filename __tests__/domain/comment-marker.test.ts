import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  hasMarker,
  type LastSuccess,
  readLastSuccess,
  readShare,
  readShownAtMs,
  renderMarked,
  renderMarker,
} from '../../src/domain/comment-marker.ts';

const KEY = { project: 'shop', environment: 'preview' };
const MARKER = renderMarker(KEY);
const SUCCESS: LastSuccess = { sha: 'a1'.repeat(20), url: 'https://shop.example', at: '2026-01-02T03:04:05.678Z' };

const piece = fc.constantFrom(
  ...['-->', '--!>', '<!--', '--', '>', '\n', '\r', '\u2028', '"', ' ', '%', '%3E', '@a', '='],
);
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.oneof(piece, fc.string({ unit: 'binary' }))).map((pieces) => pieces.join('')),
);
/** UTF-16 as it may be: half characters as well. */
const anyUnits = fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units));

/** One line, one HTML comment, and nothing that could end it before its end (HTML, section 13.1.6 "Comments"). */
function expectOneComment(line: string): void {
  expect(line).toMatch(/^<!-- [\x20-\x7e]* -->$/);
  expect(line.slice(4, -3)).not.toMatch(/[<>]|^-?>|--!?$/);
}

test('no project and no environment can end the HTML comment that the marker is', () => {
  fc.assert(
    fc.property(anyText, anyText, (project, environment) => {
      expectOneComment(renderMarker({ project, environment }));
    }),
  );
});

test('half a character in a name is no reason to fail', () => {
  fc.assert(fc.property(anyUnits, (text) => expectOneComment(renderMarker({ project: text, environment: text }))));
});

test('different projects have different markers, and so have environments, but for their case', () => {
  fc.assert(
    fc.property(anyText, anyText, anyText, anyText, (project, environment, project2, environment2) => {
      const same = project === project2 && environment.toLowerCase() === environment2.toLowerCase();
      const markers = [
        renderMarker({ project, environment }),
        renderMarker({ project: project2, environment: environment2 }),
      ];
      expect(markers[0] === markers[1]).toBe(same);
    }),
  );
  expect(renderMarker({ ...KEY, environment: 'PreVIEW' })).toBe(MARKER);
  expect(renderMarker({ ...KEY, project: 'Shop' })).not.toBe(MARKER);
  expect(renderMarker({ project: 'a environment=b', environment: 'c' })).not.toBe(
    renderMarker({ project: 'a', environment: 'b environment=c' }),
  );
});

const sha = fc
  .constantFrom('0', 'a', '9f')
  .chain((digits) => fc.constantFrom(40, 64).map((size) => digits.repeat(64).slice(0, size)));
const success: fc.Arbitrary<LastSuccess> = fc.record({
  sha,
  url: fc.option(fc.oneof(fc.webUrl({ size: 'small' }), fc.string({ unit: 'binary', maxLength: 100 })), {
    nil: undefined,
  }),
  at: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
});

test('a last success is read back as it was written, whatever is below it', () => {
  fc.assert(
    fc.property(success, anyText, (lastSuccess, text) => {
      const body = renderMarked(MARKER, { lastSuccess, shownAtMs: 5 }, text);
      expect(readLastSuccess(body)).toEqual(lastSuccess);
      expect(readLastSuccess(body.replaceAll('\n', '\r\n'))).toEqual(lastSuccess);
      expect(hasMarker(body, MARKER)).toBe(true);
      expect(readShownAtMs(body)).toBe(5);
      const [marker = '', shownAt = '', data = '', empty] = body.split('\n');
      for (const line of [marker, shownAt, data]) expectOneComment(line);
      expect(empty).toBe('');
      expect(body.endsWith(text)).toBe(true);
    }),
  );
});

test('a body without a last success has none, and hides nothing but the marker', () => {
  const body = renderMarked(MARKER, { lastSuccess: undefined, shownAtMs: undefined }, 'Text');
  expect(body).toBe(`${MARKER}\n\nText`);
  expect(readLastSuccess(body)).toBeUndefined();
});

test('a body is marked by its first line alone, and by all of it', () => {
  for (const end of ['', '\n', '\r\n', '\n\ntext', '\r\n\r\ntext'])
    expect(hasMarker(`${MARKER}${end}`, MARKER)).toBe(true);
  for (const body of [
    '',
    'text',
    ` ${MARKER}`,
    `\n${MARKER}`,
    `> ${MARKER}\n`,
    `text\n${MARKER}\n`,
    `${MARKER} `,
    `${MARKER}text`,
    `${MARKER}\r`,
    MARKER.slice(0, -1),
    MARKER.toUpperCase(),
    renderMarker({ ...KEY, project: 'shop2' }),
  ]) {
    expect(hasMarker(body, MARKER)).toBe(false);
  }
});

const dataLine = (data: string) => `${MARKER}\n<!-- catalyst-deploy-action last-success ${data} -->\n\ntext`;
const encoded = (value: unknown) => dataLine(encodeURIComponent(JSON.stringify(value) ?? ''));

test.each<[string, string]>([
  ['nothing', ''],
  ['no JSON', dataLine('x')],
  ['no encoding', dataLine('%')],
  ['half an encoding', dataLine('%7B%22sha')],
  ['null', encoded(null)],
  ['a list', encoded([SUCCESS])],
  ['a text', encoded('x')],
  ['no commit', encoded({ ...SUCCESS, sha: undefined })],
  ['a short commit', encoded({ ...SUCCESS, sha: 'a1a1a1a' })],
  ['a commit and more', encoded({ ...SUCCESS, sha: `${SUCCESS.sha}\n` })],
  ['a commit that is a list', encoded({ ...SUCCESS, sha: [SUCCESS.sha] })],
  ['a hostile commit', encoded({ ...SUCCESS, sha: '"><img src=x>'.padEnd(40, 'a') })],
  ['no time', encoded({ ...SUCCESS, at: undefined })],
  ['a time that is none', encoded({ ...SUCCESS, at: 'yesterday <b>' })],
  ['a time that is a number', encoded({ ...SUCCESS, at: 1 })],
  ['more than there may be', encoded({ ...SUCCESS, url: 'x'.repeat(5000) })],
  ['two on a line', `${encoded(SUCCESS).split('\n')[1]} ${encoded(SUCCESS).split('\n')[1]}`],
])('garbage is no last success: %s', (_, body) => {
  expect(readLastSuccess(body)).toBeUndefined();
});

test('an address that is no text is left out, and the rest counts', () => {
  expect(readLastSuccess(encoded({ ...SUCCESS, url: { href: 'x' }, more: 1 }))).toEqual({ ...SUCCESS, url: undefined });
});

test('whatever the body is, it is read or it is not, and nothing fails', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        anyText,
        anyUnits,
        anyText.map(dataLine),
        fc.json().map((json) => dataLine(encodeURIComponent(json))),
      ),
      (body) => {
        const found = readLastSuccess(body);
        expect(found === undefined || /^[0-9a-f]{40,64}$/.test(found.sha)).toBe(true);
      },
    ),
  );
});

test('a share of the preview is read as it was written', () => {
  const time = fc.option(fc.nat({ max: 1e14 }), { nil: undefined });
  fc.assert(
    fc.property(fc.boolean(), time, time, (holds, since, claimedAtMs) => {
      const share = { holds, heldSinceMs: holds ? since : undefined, claimedAtMs };
      const body = renderMarked(MARKER, { lastSuccess: SUCCESS, shownAtMs: 1, share }, 'text');
      expect(readShare(body)).toEqual(share);
      expect(readLastSuccess(body)).toEqual(SUCCESS);
      for (const line of body.split('\n').slice(0, 4)) expectOneComment(line);
    }),
  );
});

test.each([
  ['no share', renderMarked(MARKER, { lastSuccess: SUCCESS, shownAtMs: 1 }, 'text')],
  ['one in a text', `${MARKER}\n\n> <!-- catalyst-deploy-action shared-preview holds -->`],
  ['another word', `${MARKER}\n<!-- catalyst-deploy-action shared-preview owns -->`],
  ['a time that is none', `${MARKER}\n<!-- catalyst-deploy-action shared-preview waits claimed-at soon -->`],
])('%s is no share', (_, body) => {
  expect(readShare(body)).toBeUndefined();
});
