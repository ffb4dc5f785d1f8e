import { describe, expect, test } from '@jest/globals';
import { parse as dotenv } from 'dotenv';
import fc from 'fast-check';
import { parseKeyValue } from '../../src/inputs/key-value.ts';

function values(text: string): Record<string, string> {
  const { entries, problems } = parseKeyValue(text);
  expect(problems).toEqual([]);
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]));
}

function problemLines(text: string): number[] {
  return parseKeyValue(text).problems.map(({ line }) => line);
}

describe('accepted as by dotenv', () => {
  test.each([
    ['a plain value', 'A=b', { A: 'b' }],
    ['the first = splits', 'A=b=c==', { A: 'b=c==' }],
    ['white space around key and value', '  A = b  ', { A: 'b' }],
    ['an empty value', 'A=\nB=""\nC=\'\'\nD=  ', { A: '', B: '', C: '', D: '' }],
    ['blank lines and comments', '\n# x=1\n   # y=2\n\nA=b\n\n', { A: 'b' }],
    ['a comment after a value', 'A=b # c\nB="d" # "e"\nC=\t#f', { A: 'b', B: 'd', C: '' }],
    ['export', 'export A=b\nexport   B=c\nexport=d', { A: 'b', B: 'c', export: 'd' }],
    ['single quotes leave everything unchanged', 'A=\' b # \\n "c" \'', { A: ' b # \\n "c" ' }],
    ['double quotes expand \\n and \\r', 'A="b\\nc\\rd\\te"', { A: 'b\nc\rd\\te' }],
    ['backticks', 'A=`it\'s "b"\\n`', { A: 'it\'s "b"\\n' }],
    ['a value of several lines', 'A="b\n  c # d\n\ne=f"\nG=h', { A: 'b\n  c # d\n\ne=f', G: 'h' }],
    ['an escaped quote stays, with its backslash', 'A="b \\"c\\" d"', { A: 'b \\"c\\" d' }],
    ['a backslash before the last quote', "A='C:\\dir\\'\nB='c'", { A: 'C:\\dir\\', B: 'c' }],
    ['of several quotes after a backslash the last one closes', "A='b\\'\nc\\'\nD=e", { A: "b\\'\nc\\", D: 'e' }],
    ['quotes inside a value', 'A=it\'s "b"', { A: 'it\'s "b"' }],
    ['CRLF', 'A=b\r\nB="c\r\nd"\r\n', { A: 'b', B: 'c\nd' }],
    ['dots, dashes and underscores in keys', '_a.b-C_1=d', { '_a.b-C_1': 'd' }],
    ['a byte order mark', '\uFEFFA=b', { A: 'b' }],
    ['no expansion', 'A=$B\nC="$B"\nD=$(e)', { A: '$B', C: '$B', D: '$(e)' }],
    ['nothing', '', {}],
  ])('%s', (_, text, expected) => {
    expect(values(text)).toEqual(expected);
    expect(dotenv(text)).toEqual(expected);
  });
});

describe('departures from dotenv', () => {
  test('a # inside a value is a part of it', () => {
    expect(values('A=ab#cd\nB=#fff\nC=x#y #z')).toEqual({ A: 'ab#cd', B: '#fff', C: 'x#y' });
    expect(dotenv('A=ab#cd')).toEqual({ A: 'ab' });
  });

  test.each([
    ['no =', 'A=1\nnonsense\nB=2', [2]],
    ['export without a value', 'export A', [1]],
    ['a colon', 'A: b', [1]],
    ['a key that starts with a digit', '1A=b', [1]],
    ['an empty key', '=b', [1]],
    ['a key with white space', 'A B=c', [1]],
    ['a quoted key', '"A"=b', [1]],
    ['text after a closing quote', 'A="b" c\nB="c"#d\nC="d"e"\nD=1', [1, 2, 3]],
    ['an unclosed quote', 'A=1\n\nB="c\nD=2\nE', [3]],
    ['a quote that closes in the middle of a later line', 'A="b\nC="d"\nE', [1]],
    ['a value on the next line', 'A=\n"b"', [2]],
    ['nothing but = behind the first one', "A==\nB= = # c\nexport C===\nD='='\nE==f\nF=", [1, 2, 3]],
    ['a multi-line value of a bad key is one bad line', '1A="b\nC=d\n"\nE=f', [1]],
  ])('%s is a problem of its line', (_, text, lines) => {
    expect(problemLines(text)).toEqual(lines);
  });

  test('lines around a bad one are still read, with their own numbers', () => {
    const { entries } = parseKeyValue('A=1\nbad\nB="x\ny"\n# c\nC=3');
    expect(entries).toEqual([
      { key: 'A', value: '1', line: 1 },
      { key: 'B', value: 'x\ny', line: 3 },
      { key: 'C', value: '3', line: 6 },
    ]);
  });

  test('lines after an unclosed quote do not become keys', () => {
    expect(parseKeyValue('A="-----BEGIN\nMIIE==\nB=c').entries).toEqual([]);
  });

  test('a bare base64 text is not a key', () => {
    expect(parseKeyValue('c2VjcmV0==')).toMatchObject({
      entries: [],
      problems: [{ line: 1, problem: expect.stringMatching(/^looks like a bare value, not KEY=VALUE/) }],
    });
    expect(dotenv('c2VjcmV0==')).toEqual({ c2VjcmV0: '=' });
  });

  test('a caller may name keys that are rejected when nothing follows them', () => {
    const isBareValue = (key: string) => key.startsWith('x');
    const { entries, problems, suspects } = parseKeyValue('xa=\nxb=1\nxc=""\nA=\nxd= # c', { isBareValue });
    expect(entries.map(({ key }) => key)).toEqual(['xb', 'xc', 'A']);
    expect(problems.map(({ line }) => line)).toEqual([1, 5]);
    for (const text of ['xa=', 'xa', 'xd=', 'xd']) expect(suspects).toContain(text);
  });

  test('a key given twice is in the result twice', () => {
    expect(parseKeyValue('A=1\nA=2').entries).toHaveLength(2);
  });
});

describe('suspects', () => {
  test.each([
    ['sk_live_1', 'sk_live_1'],
    ['1A=sk_live_1', 'sk_live_1'],
    ['A: "sk_live_1"', 'sk_live_1'],
    ['A sk_live_1', 'sk_live_1'],
    ['A="sk_live_1" tail', 'sk_live_1'],
    ['A="sk_live_1" tail', 'tail'],
    ['A="x\nsk_live_1\n', 'sk_live_1'],
    ['A="x\nB="sk_live_1"', 'sk_live_1'],
    ['1A="x\nsk_live_1"', 'x\nsk_live_1'],
    ["my key='sk_live_1' # note", 'sk_live_1'],
    ['c2VjcmV0==', 'c2VjcmV0=='],
    ['c2VjcmV0==', 'c2VjcmV0'],
    ['export c2VjcmV0== # note', 'export c2VjcmV0'],
    ['ab/cd+ef==', 'ab/cd+ef'],
    ['A: c2VjcmV0==', 'c2VjcmV0'],
  ])('%j', (text, suspect) => {
    expect(parseKeyValue(text).suspects).toContain(suspect);
  });

  test('there are none when every line is valid', () => {
    expect(parseKeyValue('A=b\n# c\nC="d"').suspects).toEqual([]);
  });
});

describe('properties', () => {
  const LINE_ENDS = /[\n\r\u2028\u2029]/g;
  const key = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,8}$/);
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.string({ unit: fc.constantFrom('a', ' ', '=', '"', "'", '`', '\\', 'n', '\n', '#', ':'), maxLength: 20 }),
  );
  // Not in the common grammar: a `#` in a bare value, one that starts with a quote, or one that is made only of `=`;
  // line ends other than LF, CRLF.
  const bare = text
    .map((t) => t.replace(LINE_ENDS, '').replaceAll('#', '').trim())
    .filter((t) => !/^["'`]|^=+$/.test(t));
  // Not in the common grammar: an unescaped quote inside, a backslash at the end (which escapes the closing quote).
  const quoted = fc.tuple(fc.constantFrom('"', "'", '`'), text).map(
    ([q, t]) =>
      q +
      t
        .replace(/[\r\u2028\u2029]/g, '')
        .replaceAll(q, `\\${q}`)
        .replace(/\\+$/, '') +
      q,
  );
  const comment = fc.oneof(
    fc.constant(''),
    text.map((t) => ` #${t.replace(LINE_ENDS, '')}`),
  );
  const statement = fc
    .record({
      indent: fc.constantFrom('', '  ', '\t'),
      prefix: fc.constantFrom('', 'export ', 'export  '),
      key,
      equals: fc.constantFrom('=', ' = ', '= ', '\t='),
      value: fc.oneof(bare, quoted),
      comment,
    })
    .map((s) => ({ key: s.key, text: s.indent + s.prefix + s.key + s.equals + s.value + s.comment }));
  const filler = comment.map((t) => ({ key: undefined, text: t }));

  test('agrees with dotenv on the common grammar, without a problem', () => {
    const statements = fc.uniqueArray(fc.oneof({ weight: 4, arbitrary: statement }, { weight: 1, arbitrary: filler }), {
      maxLength: 6,
      selector: (s) => s.key ?? Symbol('filler'),
    });
    fc.assert(
      fc.property(statements, fc.constantFrom('\n', '\r\n'), (list, lineEnd) => {
        const file = list
          .map((s) => s.text)
          .join('\n')
          .replaceAll('\n', lineEnd);
        const expected = dotenv(file);
        expect(values(file)).toEqual({ ...expected });
        expect(Object.keys(expected)).toHaveLength(list.filter((s) => s.key !== undefined).length);
      }),
      { numRuns: 700 },
    );
  });

  test('agrees with dotenv on any text without a problem, except for a # in a value and repeated keys', () => {
    const unit = fc.constantFrom('A=', 'B=', 'C', '=', '"', "'", '`', '\\', 'n', '\n', '\n', ' ', '#', ':', 'export ');
    let compared = 0;
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 24 }), (file) => {
        const { entries, problems } = parseKeyValue(file);
        const keys = new Set(entries.map((e) => e.key));
        if (problems.length > 0 || keys.size < entries.length || /\S#/.test(file)) return;
        compared += entries.length > 0 ? 1 : 0;
        expect(Object.fromEntries(entries.map((e) => [e.key, e.value]))).toEqual({ ...dotenv(file) });
      }),
      { numRuns: 6000 },
    );
    expect(compared).toBeGreaterThan(300);
  });

  test('accepts any text, and every piece of a bad line is a suspect', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), (pieces) => {
        const file = pieces.join('\n');
        const lines = file.split(/\r\n?|\n/);
        const { entries, problems, suspects } = parseKeyValue(file);
        for (const { line } of problems) {
          const bad = (lines[line - 1] ?? '').trim();
          expect(bad).not.toBe('');
          expect(suspects).toContain(bad);
        }
        for (const { key: k } of entries) expect(k).toMatch(/^[A-Za-z_][\w.-]*$/);
        const starts = [...entries, ...problems].map(({ line }) => line);
        expect(new Set(starts).size).toBe(starts.length);
        expect(starts.every((line) => line >= 1 && line <= lines.length)).toBe(true);
      }),
      { numRuns: 700 },
    );
  });

  test('after an unclosed quote every further line is suspect', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), (pieces) => {
        const rest = pieces.join('\n').replaceAll('"', '');
        const { entries, suspects } = parseKeyValue(`A="${rest}`);
        expect(entries).toEqual([]);
        for (const line of rest.split(/\r\n?|\n/).slice(1)) {
          if (line.trim() !== '') expect(suspects).toContain(line.trim());
        }
      }),
    );
  });

  test('is quick on hostile text', () => {
    const hostile = [`A="${'\\"'.repeat(50_000)}`, `A="${'\\"  '.repeat(30_000)}x`, `${"A='\\'\n".repeat(20_000)}`];
    hostile.push(`1A${'='.repeat(300_000)}x`, `1A=${' '.repeat(100_000)}=x`);
    const started = performance.now();
    for (const file of hostile) parseKeyValue(file);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
