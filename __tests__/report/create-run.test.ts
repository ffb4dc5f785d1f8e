/** Events of a run become one record, and lose their secrets on the way to those who show them. */
import { describe, expect, jest, test } from '@jest/globals';
import { ActionError, CancelledError } from '../../src/errors.ts';
import { createRun } from '../../src/report/create-run.ts';
import { createJobLog } from '../../src/report/job-log.ts';
import { createRedactor } from '../../src/report/redactor.ts';
import { captureReport } from './captured-report.ts';
import { begin, found, REPORT, type Seen, type SmallEvent, type SmallRecord, sink } from './small-run.ts';

const captured = captureReport();

test('sinks get each event with the record right after it', () => {
  const run = begin();
  const seen: [string, number][] = [];
  run.attach(sink(({ type, record }) => void seen.push([type, record.urls.length])));
  run.emit(found('https://one.example'));
  run.info('A line.');
  run.emit(found('https://two.example'));
  expect(seen).toEqual([
    ['found', 1],
    ['info', 1],
    ['found', 2],
  ]);
});

test('its methods work when they are passed on alone', async () => {
  const { attach, emit, info, warn, debug, phase, end, settle, finish } = begin();
  const seen: string[] = [];
  attach(sink(({ type }) => void seen.push(type)));
  emit(found('https://one.example'));
  for (const log of [info, warn, debug]) log('A line.', 'A title');
  await phase('Work', async (work) => work.info('Another.'));
  end(undefined);
  await settle();
  await finish();
  const logged = ['info', 'warned', 'debug', 'phase-started', 'info', 'phase-ended'];
  expect(seen).toEqual(['found', ...logged, 'ended', 'finished', 'reported']);
});

test('what a sink emits comes after what it has received, in the same order for all', () => {
  const run = begin();
  const orders: string[][] = [[], []];
  run.attach(
    sink((occurrence) => {
      orders[0]?.push(occurrence.type);
      if (occurrence.type === 'found') run.warn('one', 'A warning');
    }),
  );
  run.attach(sink(({ type }) => void orders[1]?.push(type)));
  run.emit(found('https://one.example'));
  run.info('A line.');
  expect(orders).toEqual([
    ['found', 'warned', 'info'],
    ['found', 'warned', 'info'],
  ]);
});

test('a warning that waits behind an event is no warning of the phase that begins meanwhile', async () => {
  const run = begin();
  const flawed: (boolean | undefined)[] = [];
  const phases: Promise<void>[] = [];
  run.attach(
    sink(({ type }) => {
      if (type === 'found') run.warn('Before the phase.', 'A warning');
    }),
  );
  run.attach(
    sink((occurrence) => {
      if (occurrence.type === 'found') phases.push(run.phase('Clean', async () => {}));
      if (occurrence.type === 'phase-ended') flawed.push(occurrence.event.hasWarnings);
    }),
  );
  run.emit(found('https://one.example'));
  await Promise.all(phases);
  await run.phase('Flawed', async () => run.warn('In the phase.', 'A warning'));
  expect(flawed).toEqual([undefined, true]);
});

describe('secrets', () => {
  const all = ['s3cret-token', 's3cret-value'];
  const url = `https://${all.join('/')}`;
  const secrets = { 's3cret-token': undefined, 's3cret-value': 'KEY' };

  test('go from events and record: credentials from all strings, values of `secrets` from what is not public', () => {
    const run = begin({ secrets });
    let seen: Seen | undefined;
    run.attach(
      sink((occurrence) => {
        seen = occurrence;
      }),
    );
    run.emit(found(url, ...all));
    expect(seen).toMatchObject({
      event: { type: 'found', kind: 'one', url: 'https://***/s3cret-value', words: ['***', '***'] },
      record: { urls: ['https://***/s3cret-value'], words: ['***', '***'] },
    });
  });

  test('all go from the log; public outputs and the summary have the public view', async () => {
    const run = begin({ secrets });
    run.emit(found(url, ...all));
    run.warn(url, 'A warning');
    run.debug(url);
    await expect(run.phase(url, async () => Promise.reject(new ActionError(url, { title: url })))).rejects.toThrow();
    run.end(new ActionError(url, { title: url, fix: url }));
    await run.finish();
    expect(captured.printed).toContain('https://***/*** one');
    expect(captured.printed).not.toContain('s3cret');
    // Of each line, annotation, title and group both.
    expect(captured.printed.match(/\*{3}/g)).toHaveLength(2 * 9);
    expect(captured.outputs()['url']).toBe('https://***/s3cret-value');
    expect(captured.read('summary')).toMatch(
      /^https:\/\/\*{3}\/s3cret-value\n\*{3}\n\*{3}\nhttps:\/\/\*{3}\/\*{3}\nsecrets: .*KEY \(output `url`\)/,
    );
  });

  test.each([
    ['a control character', 's3cret\u0007-token'],
    ['a carriage return', 's3cret-\rtoken'],
    ['a turn of the reading direction', 's3cr\u202eet-token'],
    ['a line separator', 's3cret-tok\u2028en'],
    ['a zero width', 's3cret\u200b-token'],
  ])('that %s splits go from the log, too', (_, text) => {
    const run = begin({ secrets });
    run.info(`It says ${text}.`);
    run.debug(text);
    run.emit({ type: 'errored', message: text, title: text });
    expect(captured.printed.match(/\*\*\*/g)).toHaveLength(4);
    expect(captured.printed).not.toMatch(/s3cr|oken/);
  });

  test('are searched for in nothing that no sink reads, and once in what several read', () => {
    const redactor = createRedactor();
    const searched = jest.spyOn(redactor, 'redact');
    const run = createRun(
      { ...REPORT, log: () => {}, outputs: () => undefined },
      { log: createJobLog(), redactor, correlationId: 'the-correlation-id' },
    );
    run.emit(found('https://one.example', ...Array.from({ length: 1000 }, () => 'word')));
    expect(searched).not.toHaveBeenCalled();
    const events: SmallEvent[] = [];
    for (const _ of [1, 2, 3]) run.attach(sink(({ event }) => void events.push(event)));
    run.emit(found('https://one.example', 'word'));
    expect(searched).toHaveBeenCalledTimes(1);
    expect(new Set(events).size).toBe(1);
  });
});

describe('a sink', () => {
  test.each([
    [
      'throws',
      () => {
        throw new Error('disk full');
      },
    ],
    ['rejects', () => Promise.reject(new Error('disk full'))],
  ])('that %s is warned of once, and neither ends the run nor keeps events from others', async (_, fail) => {
    const run = begin();
    const seen: string[] = [];
    run.attach(sink(fail));
    run.attach(sink((occurrence) => void seen.push(occurrence.type)));
    run.info('One.');
    run.info('Two.');
    run.end(undefined);
    await run.finish();
    expect(seen.filter((type) => type === 'warned')).toHaveLength(1);
    expect(seen.at(-1)).toBe('reported');
    expect(captured.printed).toContain('::warning title=Report not complete::It could not be shown: disk full');
  });

  test('is waited for before the summary is written, and its warning is in it', async () => {
    const run = begin();
    const late = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      run.warn('It came late.', 'A warning');
    };
    run.attach(sink((occurrence) => (occurrence.type === 'ended' ? late() : undefined)));
    run.end(undefined);
    await run.finish();
    expect(captured.read('summary')).toBe('It came late.\n');
  });

  test.each([
    [undefined, 'https://one.example\n'],
    ['full', 'https://one.example\n'],
    ['short', 'short\nhttps://one.example\n'],
  ] as const)('the summary is as %s asks for', async (summary, expected) => {
    const run = begin({ ...(summary && { summary }) });
    run.emit(found('https://one.example'));
    run.end(undefined);
    await run.finish();
    expect(captured.read('summary')).toBe(expected);
  });

  test('no summary is written where none is wanted, and the run is reported all the same', async () => {
    const run = begin({ summary: 'off' });
    const seen: string[] = [];
    run.attach(sink(({ type }) => void seen.push(type)));
    run.end(undefined);
    await run.finish();
    expect(captured.read('summary')).toBe('');
    expect(seen).toContain('reported');
  });

  test('that cannot write its file says which', async () => {
    jest.replaceProperty(process, 'env', {
      ...process.env,
      GITHUB_OUTPUT: `${captured.folder}/none/output`,
      GITHUB_STEP_SUMMARY: `${captured.folder}/none/summary`,
    });
    const run = begin();
    run.emit(found('https://one.example'));
    run.emit(found('https://two.example'));
    run.end(undefined);
    await run.finish();
    expect(captured.printed.match(/The outputs of this step could not be written: /g)).toHaveLength(1);
    expect(captured.printed.match(/The step summary could not be written: /g)).toHaveLength(1);
  });
});

test('an output is written again only where its value has changed', () => {
  const run = begin();
  for (const url of ['https://one.example', 'https://one.example', 'https://two.example']) run.emit(found(url));
  expect(captured.read('output').match(/https:\/\/one\.example/g)).toHaveLength(1);
  expect(captured.outputs()['url']).toBe('https://two.example');
});

describe('a phase', () => {
  const phasesOf = (work: (run: ReturnType<typeof begin>) => Promise<unknown>) => {
    const run = begin();
    let phases: SmallRecord['phases'] = [];
    run.attach(
      sink((occurrence) => {
        if (occurrence.type === 'phase-ended') phases = occurrence.record.phases;
      }),
    );
    return work(run).then(
      () => phases,
      () => phases,
    );
  };

  test('that succeeds, with its result', async () => {
    const phases = await phasesOf((run) => run.phase('Work', async (phase) => phase.result('3 files')));
    expect(phases).toEqual([
      { title: 'Work', startMs: expect.any(Number), endMs: expect.any(Number), state: 'done', result: '3 files' },
    ]);
    expect(captured.printed).toMatch(/::group::Work\n::endgroup::\n✓ Work: 3 files \(/);
  });

  test.each([
    ['that was warned of', async (run: ReturnType<typeof begin>) => run.warn('Mind this.', 'A warning')],
    [
      'whose result is flawed',
      async (_run: unknown, result: (text: string, isFlawed: boolean) => void) => result('2 of 3', true),
    ],
  ])('%s has no tick', async (_, work) => {
    const phases = await phasesOf((run) => run.phase('Work', (phase) => work(run, phase.result)));
    expect(phases).toMatchObject([{ state: 'done', hasWarnings: true }]);
    expect(captured.printed).toContain('! Work: ');
  });

  test.each([
    ['an error', new ActionError('Broken.', { title: 'Its title' }), { state: 'failed', result: 'Its title' }],
    ['a cancel', new CancelledError('Cancelled.'), { state: 'cancelled' }],
    ['a bug', new Error('a bug'), { state: 'failed' }],
  ])('that ends with %s', async (_, error, expected) => {
    expect(await phasesOf((run) => run.phase('Work', () => Promise.reject(error)))).toMatchObject([expected]);
    expect(captured.printed).toContain('✗ Work: ');
  });

  test('that is silent says what it is doing, until it ends', async () => {
    jest.useFakeTimers();
    try {
      const run = begin();
      const work = Promise.withResolvers<void>();
      const phase = run.phase('Upload', async ({ status }) => {
        status('12 of 60 MB');
        await work.promise;
      });
      jest.advanceTimersByTime(16_000);
      expect(captured.printed.match(/Still running after 1[45]\.\d s: 12 of 60 MB/g)).toHaveLength(1);
      work.resolve();
      await phase;
      jest.advanceTimersByTime(60_000);
      expect(captured.printed.match(/Still running/g)).toHaveLength(1);
    } finally {
      jest.useRealTimers();
    }
  });

  test('that is silent keeps secrets to itself, in its title and in what it is doing', async () => {
    jest.useFakeTimers();
    try {
      const run = begin({ secrets: { 's3cret-token': undefined } });
      const work = Promise.withResolvers<void>();
      const phase = run.phase('Upload s3cret-token', async ({ status, result }) => {
        jest.advanceTimersByTime(16_000);
        status('s3cret-\u0007token');
        jest.advanceTimersByTime(16_000);
        await work.promise;
        result('s3cret-token');
      });
      work.resolve();
      await phase;
      jest.advanceTimersByTime(60_000);
      expect(captured.printed.match(/Still running .*/g)).toEqual([
        expect.stringMatching(/: Upload \*\*\*$/),
        expect.stringMatching(/: \*\*\*$/),
      ]);
      expect(captured.printed).toContain('✓ Upload ***: *** (');
      expect(captured.printed).not.toContain('s3cret');
    } finally {
      jest.useRealTimers();
    }
  });
});
