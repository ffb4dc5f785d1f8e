/** How a run ends: its outcome, its one annotation, and what is in the record. */
import { describe, expect, test } from '@jest/globals';
import { ActionError, CancelledError, FileError, InputError } from '../../src/errors.ts';
import { captureReport } from './captured-report.ts';
import { begin, found, type SmallRecord, sink } from './small-run.ts';

const captured = captureReport();

describe('the end', () => {
  const EFFECT = { effectOf: () => 'Nothing has changed.' };
  const endOf = (
    error: ActionError | undefined,
    network = false,
    begun?: { at: Date; elapsedMs: number },
    report = {},
  ) => {
    const run = begin({ begun, report });
    let record: SmallRecord | undefined;
    run.attach(
      sink((occurrence) => {
        if (occurrence.type === 'ended') record = occurrence.record;
      }),
    );
    if (network) run.emit({ type: 'network-used' });
    run.end(error);
    return record;
  };

  test('of a success', () => {
    expect(endOf(undefined)).toMatchObject({ outcome: 'fine', durationMs: expect.any(Number) });
    expect(captured.outputs()).toEqual({ outcome: 'fine' });
    expect(captured.printed).not.toContain('::error');
  });

  test('of a run that another process began counts from there, not from the start of this process', () => {
    const at = new Date('2026-01-02T03:04:05Z');
    const record = endOf(undefined, false, { at, elapsedMs: 60_000 });
    expect(record?.startedAt).toEqual(at);
    expect(record?.durationMs).toBeGreaterThanOrEqual(60_000);
    expect(record?.durationMs).toBeLessThan(90_000);
    // The clock was set back meanwhile: no duration is negative.
    const late = endOf(undefined, false, { at, elapsedMs: -60_000 });
    expect(late?.durationMs).toBeGreaterThanOrEqual(0);
    expect(endOf(undefined)?.durationMs).toBeLessThan(30_000);
  });

  test('of a failure is one annotation, with the correlation id once the platform may know it', () => {
    const error = new ActionError('It broke.', { title: 'Its title', fix: 'Mend it.' });
    expect(endOf(error)).toMatchObject({
      outcome: 'error',
      failure: { title: 'Its title', message: 'It broke.', fix: 'Mend it.' },
    });
    expect(captured.printed).toContain('::error title=Its title::It broke.%0AWhat to do: Mend it.\n');
    endOf(error, true);
    expect(captured.printed).toContain('What to do: Mend it.%0ACorrelation id: the-correlation-id\n');
  });

  test('of a refused request says first what changed and what to do, and then which request it was', () => {
    const error = new ActionError('Looking up: GET /projects answered 401.', {
      ...{ title: 'Refused (401)', fix: 'Mend it.', topic: '401-access-token-refused', isRequest: true },
    });
    const url = 'https://github.com/acme/action/blob/v1/docs/troubleshooting.md#401-access-token-refused';
    expect(endOf(error, true, undefined, EFFECT)).toMatchObject({
      failure: { isRequest: true, effect: 'Nothing has changed.', help: { words: 'More on 401', url } },
    });
    expect(captured.printed).toContain(
      `::error title=Refused (401)::Nothing has changed.%0AWhat to do: Mend it.%0AMore on 401: ${url}%0ALooking up: GET /projects answered 401.%0ACorrelation id: the-correlation-id\n`,
    );
  });

  test('of a cancelled run does not say what changed: its message does', () => {
    const cancelled = new CancelledError('The job was cancelled.');
    expect(endOf(cancelled, false, undefined, EFFECT)?.failure).toMatchObject({ effect: undefined });
    const failed = new ActionError('It broke.');
    expect(endOf(failed, false, undefined, EFFECT)?.failure).toMatchObject({ effect: 'Nothing has changed.' });
    expect(captured.printed).toContain('::error title=It failed::Nothing has changed.%0AIt broke.\n');
  });

  test('gives the last resort where there is no better advice', () => {
    const lastResort = 'Report it.';
    expect(endOf(new ActionError('It broke.', { lastResort }))).toMatchObject({ failure: { fix: lastResort } });
    expect(endOf(new ActionError('It broke.', { lastResort, fix: 'Mend it.' }))).toMatchObject({
      failure: { fix: 'Mend it.' },
    });
  });

  test('names the support bundle, and is what it was when it was prepared', async () => {
    const run = begin();
    const error = new ActionError('It broke.', { title: 'Its title' });
    const prepared = run.prepareEnd(
      error,
      (one) => new ActionError(`${one.message} So it was.`, { title: 'Its title' }),
    );
    expect(captured.printed).not.toContain('::error');
    const path = '/tmp/d.zip';
    run.emit({ type: 'support-bundle-made', supportBundle: { state: 'kept', name: 'd.zip', path } });
    const ends: unknown[] = [];
    run.attach(sink((occurrence) => void ends.push(occurrence.event)));
    run.end(error);
    expect(ends).toEqual([{ type: 'ended', ...prepared }]);
    expect(captured.printed).toContain(
      '::error title=Its title::It broke. So it was.%0ASupport bundle: /tmp/d.zip (on the runner)\n',
    );
  });

  test('in words for what is known of the run', () => {
    const run = begin();
    run.emit(found('https://one.example'));
    run.end(new CancelledError('Cancelled.'), (_error, { urls }) => new ActionError(`Cancelled after ${urls[0]}.`));
    expect(captured.printed).toContain('::Cancelled after https://one.example.');
  });

  test('of wrong inputs begins with their warnings; a file and what is wrong in it are no part of the record', () => {
    expect(endOf(new InputError([{ input: 'x', problem: 'It is wrong.' }], ['Mind this.']))?.warnings).toEqual([
      'Mind this.',
    ]);
    const record = endOf(new FileError('/ws/a.csv', [{ line: 2, message: 'It is wrong.' }], { message: 'A problem.' }));
    expect(Object.keys(record?.failure ?? {})).not.toContain('file');
  });
});
