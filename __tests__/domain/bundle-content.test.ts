import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ForbiddenValue } from '../../src/domain/bundle.ts';
import { ChunkWindow, ContentInspector } from '../../src/domain/content-rules.ts';
import { ForbiddenValues } from '../../src/domain/content-scanners.ts';

const ORIGIN = { kind: 'directory', directory: 'dist' } as const;
const refuse = (value: string): ForbiddenValue => ({ label: 'access-token', value, severity: 'refuse' });
const warn = (value: string): ForbiddenValue => ({ label: 'secret KEY', value, severity: 'warn' });

function inspect(content: Buffer | string, forbidden: ForbiddenValue[] = [], cuts: number[] = [], name = 'a.js') {
  const bytes = Buffer.from(content);
  const inspector = new ContentInspector({ name, origin: ORIGIN, forbidden: new ForbiddenValues(forbidden) });
  const window = new ChunkWindow(inspector);
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    window.push(bytes.subarray(from, Math.max(from, cut)));
    from = Math.max(from, cut);
  }
  window.push(bytes.subarray(from));
  window.end();
  return inspector.finish();
}

const holdsKey = (content: Buffer | string, cuts: number[] = []) => inspect(content, [], cuts).problems.length === 1;

const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const body = randomBytes(96)
  .toString('base64')
  .replaceAll(/(.{64})/g, '$1\n');
const pem = (label: string, headers = '') => `-----BEGIN ${label}-----\n${headers}${body}\n-----END ${label}-----\n`;
const pkcs8 = String(ec.export({ type: 'pkcs8', format: 'pem' }));

const keys: Record<string, string> = {
  pkcs8,
  rsa: String(rsa.export({ type: 'pkcs1', format: 'pem' })),
  sec1: String(ec.export({ type: 'sec1', format: 'pem' })),
  encrypted: String(ec.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })),
  'traditional encryption': String(
    rsa.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as never),
  ),
  openssh: pem('OPENSSH PRIVATE KEY'),
  dsa: pem('DSA PRIVATE KEY'),
  pgp: pem('PGP PRIVATE KEY BLOCK', 'Version: GnuPG v2.0.22 (GNU/Linux)\nComment: x\n\n'),
  'CR LF': pkcs8.replaceAll('\n', '\r\n'),
  'old CR': pkcs8.replaceAll('\n', '\r'),
  'a service account file': JSON.stringify({ private_key: pkcs8 }),
  'JSON in JSON': JSON.stringify(JSON.stringify({ private_key: pkcs8.replaceAll('/', '\\/') })),
  'escaped CR LF': JSON.stringify({ k: pkcs8.replaceAll('\n', '\r\n') }),
  'indented YAML': `key: |\n${pkcs8.replaceAll(/^/gm, '    ')}`,
  'short lines': `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(40).replaceAll(/(.{16})/g, '$1\n')}`,
  'after a marker that is none': `'-----BEGIN PRIVATE KEY-----' -----BEGIN ${pkcs8}`,
  'on one line, with blanks': pkcs8.replaceAll('\n', ' '),
  'on one line, with tabs': pkcs8.replaceAll('\n', '\t'),
  'on one line, with \\n': `KEY='${pkcs8.replaceAll('\n', '\\n')}'`,
  'on one line, with \\u000a': pkcs8.replaceAll('\n', '\\u000A'),
  'on one line, with nothing': pkcs8.replaceAll('\n', ''),
  'on one line, with headers': pem(
    'RSA PRIVATE KEY',
    'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00FF\n\n',
  ).replaceAll('\n', ' '),
  'marker on its line, the rest on one': `-----BEGIN PRIVATE KEY-----\n${pkcs8.split('\n').slice(1).join(' ')}`,
};

const noKeys: Record<string, string> = {
  'a comparison in a crypto library':
    "if (pem.indexOf('-----BEGIN PRIVATE KEY-----') !== 0) throw new TypeError('\"pkcs8\" must be PKCS#8')",
  'a template in a crypto library': `\`-----BEGIN PRIVATE KEY-----\\n\${b64(${'x'.repeat(50)})}\\n-----END PRIVATE KEY-----\``,
  'prose after a marker': `-----BEGIN PRIVATE KEY-----\nis how a private key in the PEM format starts, ${'a'.repeat(60)}`,
  'prose on one line': `-----BEGIN PRIVATE KEY----- ${'a'.repeat(60)}`,
  'prose on one line with a long word': `-----BEGIN PRIVATE KEY----- is followed by ${randomBytes(60).toString('base64')}`,
  'an identifier behind a marker': `"-----BEGIN PRIVATE KEY-----"+${'aB3'.repeat(20)}`,
  '39 characters': `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(39)}`,
  'a public key': pem('PUBLIC KEY'),
  'a certificate': pem('CERTIFICATE'),
  'a public PGP key': pem('PGP PUBLIC KEY BLOCK'),
  'no marker': body,
};

describe('private keys', () => {
  test.each(Object.keys(keys))('%s: found, whole and byte by byte', (name) => {
    const content = `lead ${keys[name]} tail`;
    expect(holdsKey(content)).toBe(true);
    expect(holdsKey(content, [...Buffer.from(content).keys()])).toBe(true);
  });

  test.each(Object.keys(noKeys))('%s: none', (name) => {
    const content = `lead ${noKeys[name]}`;
    expect(holdsKey(content)).toBe(false);
    expect(holdsKey(content, [...Buffer.from(content).keys()])).toBe(false);
  });

  test('found with any cut of the chunks', () => {
    const sample = fc.constantFrom(...Object.values(keys), ...Object.values(noKeys));
    const filler = fc.nat(6_000).map((length) => '-----BEGIN '.repeat(600).slice(0, length));
    fc.assert(
      fc.property(sample, filler, filler, fc.array(fc.nat(14_000), { maxLength: 30 }), (key, before, after, cuts) => {
        const content = `${before}\n${key}\n${after}`;
        expect(holdsKey(content, cuts)).toBe(Object.values(keys).includes(key));
      }),
      { numRuns: 300 },
    );
  });

  test('texts that once took minutes or more to search take no time', () => {
    const blanks = `-----BEGIN PRIVATE KEY-----\n${`A:${' '.repeat(200)}\n`.repeat(8)}!`;
    const started = performance.now();
    expect(holdsKey(blanks)).toBe(false);
    expect(holdsKey(`${blanks}\n`.repeat(1_000))).toBe(false);
    expect(holdsKey(`${blanks.slice(0, -1)}${body}`)).toBe(true);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test('keys on lines of their own are found, exactly as by a backtracking regular expression', () => {
    const ends = String.raw`[ \t]*(?:(?:\\*[\r\n]|\\+[nr])[ \t]*)+`;
    const header = String.raw`[A-Za-z][A-Za-z0-9-]{0,40}:[^\r\n\\]{0,256}${ends}`;
    const base64 = String.raw`(?:(?:[A-Za-z0-9+/=]|\\/)(?:${ends})?){40}`;
    const plain = new RegExp(
      `^-----BEGIN [^-\\r\\n]{0,64}?PRIVATE KEY(?: BLOCK)?-----${ends}(?:${header}){0,8}${base64}`,
    );
    const piece = fc.constantFrom(
      '\n',
      '\\n',
      '\\\\r',
      ' ',
      '\t',
      'A: x',
      'B-1:',
      'a'.repeat(13),
      '\\/',
      '/',
      '=',
      '!',
      ':',
      '\\',
    );
    const text = fc
      .array(piece, { maxLength: 12 })
      .map((pieces) => `-----BEGIN RSA PRIVATE KEY-----\n${pieces.join('')}`);
    fc.assert(
      fc.property(text, (content) => {
        expect(holdsKey(content)).toBe(plain.test(content));
      }),
      { numRuns: 5_000 },
    );
  });

  test('a file full of markers is searched in reasonable time', () => {
    const started = performance.now();
    expect(holdsKey('-----BEGIN PRIVATE KEY-----x'.repeat(100_000))).toBe(false);
    expect(holdsKey(`-----BEGIN PRIVATE KEY-----${'\n \\n\t'.repeat(2_000)}`.repeat(30))).toBe(false);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('forbidden values', () => {
  test('refuse is a problem, warn a warning; both name label and file, neither the value', () => {
    const { problems, warnings } = inspect('x TOKEN-123456 y hunter2hunter2 z', [
      refuse('TOKEN-123456'),
      warn('hunter2hunter2'),
    ]);
    expect(problems).toEqual([expect.stringMatching(/^a\.js: .*access-token/)]);
    expect(warnings).toEqual([expect.stringMatching(/^a\.js: .*secret KEY/)]);
    expect(JSON.stringify({ problems, warnings })).not.toMatch(/TOKEN-123456|hunter2/);
  });

  test('a value of several lines is found in the source text of a string', () => {
    const value = 'line "one"\nline two';
    expect(inspect(`const a = ${JSON.stringify(value)}`, [warn(value)]).warnings).toHaveLength(1);
    expect(inspect(value, [warn(value)]).warnings).toHaveLength(1);
  });

  test('an empty value is never found', () => {
    expect(inspect('abc', [refuse('')])).toEqual({ problems: [], warnings: [] });
  });

  test('any chunking gives the same result as a search of the whole', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\n'), maxLength: 40 });
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 4 }), fc.array(fc.nat(60)), (content, values, cuts) => {
        const forbidden = values.map((value, i) => ({
          label: `v${i}`,
          value: value.slice(0, 6),
          severity: 'warn' as const,
        }));
        const expected = forbidden
          .filter(({ value }) => value !== '' && content.includes(value))
          .map(({ label }) => label);
        const found = inspect(content, forbidden, cuts).warnings.map((line) => /of (v\d)/.exec(line)?.[1]);
        expect(found).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  test('a value of any length and letters is found, and one that differs in a letter is not', () => {
    const letter = fc.constantFrom('a', 'z', 'B', '0', '-', 'é');
    const value = fc.string({ unit: letter, minLength: 1, maxLength: 30 });
    const around = fc.string({ unit: letter, maxLength: 60 });
    const cuts = fc.array(fc.nat(150), { maxLength: 5 });
    fc.assert(
      fc.property(value, around, around, fc.nat(), cuts, (secret, before, after, place, chunks) => {
        const holds = (content: string) => inspect(content, [warn(secret)], chunks).warnings.length === 1;
        expect(holds(before + secret + after)).toBe(true);
        const at = place % secret.length;
        const other = `${before}${secret.slice(0, at)}!${secret.slice(at + 1)}${after}`;
        expect(holds(other)).toBe(other.includes(secret));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('project.json', () => {
  const inProject = (content: string, name = '.bigcommerce/project.json') =>
    inspect(content, [], [3, 9], name).problems.length === 1;

  test.each([
    '{"accessToken":"x"}',
    '\uFEFF{ "accessToken" : "x" }',
    '{"a":[{"accessToken":"x"}]}',
    '{"access\\u0054oken":"x"}',
    '{"accessToken": "x", // a comment',
  ])('%j holds a token', (content) => {
    expect(inProject(content)).toBe(true);
    expect(inProject(content, 'Project.JSON')).toBe(true);
    expect(inProject(content, 'myproject.json')).toBe(false);
  });

  test.each(['{"accessToken":""}', '{"accessToken":null}', '{"projectUuid":"x"}', '"accessToken"', '', '{'])(
    '%j holds none',
    (content) => {
      expect(inProject(content)).toBe(false);
    },
  );
});
