import { expect, test } from '@jest/globals';
import { createEventRedaction } from '../../src/compose/log-redaction.ts';
import { createRedactor } from '../../src/report/redactor.ts';

test('JSON whose secrets are numbers or keys stays JSON, with all that is in it', () => {
  const redactor = createRedactor();
  for (const secret of ['73912846', 'first-secret', 'other-secret']) redactor.add(secret);
  const json = JSON.stringify({
    id: 73912846,
    deep: [{ 'first-secret': 1, 'other-secret': 2, text: 'x'.repeat(5000) }],
  });
  const { event } = createEventRedaction(redactor);
  const clean = event({ id: undefined, atMs: undefined, request: undefined, lines: [], json }).json;
  expect(JSON.parse(clean)).toEqual({ id: '***', deep: [{ '***': 1, '****': 2, text: 'x'.repeat(5000) }] });
});
