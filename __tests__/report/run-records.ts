/** What the tests of several reports share: the record that every run has. */

export function numbers(length: number): number[] {
  return Array.from({ length }, (_, index) => index + 1);
}

export const RUN = {
  startedAt: new Date('2026-01-02T03:04:05Z'),
  durationMs: 65_400,
  correlationId: 'the-correlation-id',
  networkUsed: true,
  warnings: [],
};

export const FAILURE = { title: 'Its title', message: 'It broke.', details: [], fix: 'Mend it.' };
