/** Whatever the service says of a record, nothing of what is in it is anywhere to be read. */
import { expect, test } from '@jest/globals';
import type { FinishedRun } from '../../scripts/action-runner.ts';
import { batchPlatform, errorsFileOf, expectEnd, FILE, refOf, rejectedOf, runBatch } from './batch-harness.ts';

/** Values that nobody has, and no text of the action's own either. */
const VALUE = {
  firstName: 'Ermentrud',
  lastName: 'Ækvistowski-Łąg',
  nick: 'Zoë 🦊 (x+)*[y]',
  street: 'Rue de l’Église "du Coin" <b>& fils</b>',
  email: 'Ermentrud.Q+shop@quuxmail.example',
  phone: '+49 (30) 901 18-17',
  dateOfBirth: '1987-06-05',
  passport: 'C01X0006H',
  points: 770_123,
  spend: 1234.5,
  city: 'Straßburg',
  vip: 'ΟΔΥΣΣΕΥΣ',
  note: 'two  spaces\tand a\nbreak',
  company: 'Quux & Söhne GmbH',
};

/** What identifies a person, in whichever way it is spelled: looked for in lower case, and without accents. */
const PERSONAL = [
  'ermentrud',
  'kvistowski',
  'zoe',
  'eglise',
  'du coin',
  'fils',
  'quuxmail',
  'q+shop',
  '18-17',
  '901 18',
  '9011817',
  '1987',
  '06-05',
  '5.6.1987',
  'c01x',
  '770123',
  '770.123',
  '770,123',
  '1234.5',
  '1.234,5',
  'strassburg',
  'straßburg',
  'οδυσσευς',
  'two  spaces',
  'and a\nbreak',
  'sohne',
  'quux &',
];

function plain(text: string): string {
  return text.toLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('ς', 'σ');
}

/** Refs, checksums and times are made of digits, too, and hold anything by chance. */
const RANDOM = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{32,}\b|\d{4}-\d\d-\d\dT[\d:.]+Z?/gi;

function personalDataIn(text: string): string[] {
  const output = plain(text.replace(RANDOM, ''));
  return PERSONAL.filter((one) => output.includes(plain(one)));
}

function record(number: number): string {
  return JSON.stringify({ ref: refOf(number), schema: 'guest', mode: 'upsert', value: VALUE });
}

const JSON_VALUE = JSON.stringify(VALUE);
const ALL = Object.values(VALUE).join(' | ');

const MESSAGES: Record<string, string> = {
  'as they are': `Cannot store ${ALL}`,
  'in capitals': `Cannot store ${ALL.toUpperCase()}`,
  'in small letters': `Cannot store ${ALL.toLowerCase()}`,
  'as JSON': `Cannot store ${JSON_VALUE}`,
  'as JSON in JSON': `Cannot store ${JSON.stringify(JSON_VALUE)}`,
  'as JSON in ASCII': `Cannot store ${JSON_VALUE.replaceAll(/[^\x20-\x7e]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)}`,
  'as HTML': `Cannot store ${ALL.replaceAll(/[<>&"’]/g, (one) => `&#${one.charCodeAt(0)};`)}`,
  'as named HTML': `Cannot store ${ALL.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll('ö', '&ouml;').replaceAll('É', '&Eacute;')}`,
  'in a URL': `Cannot GET /guests?q=${encodeURIComponent(ALL)}`,
  'in a form': `Cannot store ${new URLSearchParams(VALUE as never)}`,
  'in pieces': `Ermentrud of Église, born 5.6.1987, mail Ermentrud.Q+shop@quuxmail.example; +49.30.9011817; 770,123 or 770.123 points, 1.234,50`,
  'in normal form D': `Cannot store ${ALL.normalize('NFD')}`,
  'without accents': `Cannot store ${ALL.normalize('NFD').replaceAll(/\p{M}/gu, '')}`,
  'as Java': `Guest{firstName=Ermentrud, lastName='Ækvistowski-Łąg', email=Ermentrud.Q+shop@quuxmail.example, points=770123}`,
  'as XML': `<guest><firstName>Ermentrud</firstName><city>Straßburg</city><dob>1987-06-05</dob></guest>`,
  'joined to words': `xErmentrudx_Ermentrud_ErmentrudStraßburg-C01X0006H`,
  'over lines': `Cannot\nstore\r\n::error::Ermentrud\n${ALL.replaceAll(' ', '\n')}`,
  'of somebody else': `Is already that of someone.else@quuxmail.example, "Quux & Co", +49 30 901 18-17`,
  'in a long text': `${'x '.repeat(3000)}Ermentrud ${ALL}`,
};

function outputOf(run: FinishedRun): string {
  return `${run.everything}\n${run.stderr}\n${errorsFileOf(run)}`;
}

test('the search finds a value however it is spelled', () => {
  expect(PERSONAL.filter((one) => personalDataIn(Object.values(MESSAGES).join('\n')).indexOf(one) < 0)).toEqual([]);
});

test('messages that quote records in every way are stripped of it, in the log, the summary, and the errors file', async () => {
  const emulator = await batchPlatform();
  const names = Object.keys(MESSAGES);
  emulator.sitecore.rejectRecords((_, position) => {
    const message = MESSAGES[names[position - 1] ?? ''] ?? '';
    return { code: position % 2 === 0 ? 4001 : `E_${message.slice(0, 60)}`, message };
  });
  const content = names.map((_, index) => `${record(index + 1)}\n`).join('');
  const run = await runBatch({ emulator, files: { [FILE]: content } });
  expectEnd(run, 'failed', { failed: `${names.length}` });
  expect(rejectedOf(run).length).toBe(9);
  const lines = errorsFileOf(run)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ ref }) => ref)).toEqual(names.map((_, index) => refOf(index + 1)));
  expect(
    Object.fromEntries(
      lines.flatMap((line, index) => {
        const found = personalDataIn(JSON.stringify(line));
        return found.length === 0 ? [] : [[names[index], [found, line]]];
      }),
    ),
  ).toEqual({});
  expect(personalDataIn(outputOf(run))).toEqual([]);
});

test.each<[what: string, fault: object]>([
  ['quotes all leaves', { effect: 'refuse-records', count: 3, quoting: true, message: 'Wrong:' }],
  ['is a number or a text of the record', { effect: 'refuse-records', count: 3, code: 'Ermentrud', message: '770123' }],
])('a refusal that %s reveals nothing', async (_, fault) => {
  const emulator = await batchPlatform({ faults: [{ call: 'allocateBatch', ...fault } as never] });
  const run = await runBatch({ emulator, files: { [FILE]: [1, 2, 3].map(record).join('\n') } });
  expectEnd(run, 'failed', { failed: '3' });
  expect(personalDataIn(outputOf(run))).toEqual([]);
});

test.each<[call: 'allocateBatch' | 'inspectBatch' | 'uploadBatch', status: number]>([
  ['allocateBatch', 400],
  ['allocateBatch', 422],
  ['inspectBatch', 403],
])('an answer of %s with %i that quotes the batch reveals nothing', async (call, status) => {
  const emulator = await batchPlatform();
  const body = {
    message: `Invalid guest ${JSON_VALUE}, ${VALUE.email}, ${VALUE.phone}`,
    errors: [VALUE],
    record: JSON_VALUE,
  };
  emulator.addFault({ call, effect: 'status', status, body, times: 'always' });
  const run = await runBatch({ emulator, files: { [FILE]: record(1) } });
  expectEnd(run, call === 'inspectBatch' ? 'unknown' : 'error');
  expect(personalDataIn(outputOf(run))).toEqual([]);
});
