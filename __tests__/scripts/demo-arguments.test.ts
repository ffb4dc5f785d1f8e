import { expect, test } from '@jest/globals';
import { UsageError } from '../../emulator/usage-error.ts';
import { parseDemoArguments } from '../../scripts/demo-arguments.ts';

const parse = (...args: string[]) => parseDemoArguments(args, ['production', 'batch']);

test('a demo by its name, and the first one without', () => {
  expect(parse()).toEqual({ demo: 'production', serving: undefined });
  expect(parse('batch')).toEqual({ demo: 'batch', serving: undefined });
});

test('the first one is served at the usual port, or at the one that is given', () => {
  expect(parse('--serve')).toEqual({
    demo: 'production',
    serving: { options: { serve: true, servePort: 8788 }, isOnce: false },
  });
  expect(parse('--serve', '--once', '--serve-port', '0').serving).toEqual({
    options: { serve: true, servePort: 0 },
    isOnce: true,
  });
});

test.each([
  [['--serve', '--serve-port', 'abc'], "--serve-port must be a whole number from 0 to 65535; it is 'abc'"],
  [['--serve', '--serve-port', '65536'], "--serve-port must be a whole number from 0 to 65535; it is '65536'"],
  [['--serve', '--serve-port='], "--serve-port must be a whole number from 0 to 65535; it is ''"],
  [['--server'], "Unknown option '--server'"],
  [['--once'], '--once and --serve-port go with --serve'],
  [['--serve-port', '1'], '--once and --serve-port go with --serve'],
  [['constructor'], 'There is no demo "constructor". Demos are production, batch.'],
  [['batch', 'production'], 'One demo at a time: "batch" comes without "production".'],
  [['batch', '--serve'], '--serve goes without the name of a demo'],
])('%j is a usage error that says why', (args, words) => {
  expect(() => parse(...args)).toThrow(UsageError);
  expect(() => parse(...args)).toThrow(words);
});
