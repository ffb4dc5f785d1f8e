/** Words of others that happen to be the names of what every object inherits: no table may have an entry for them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { FaultParser } from '../emulator/faults/parse.ts';
import { createPresignedUrl, findSignatureFault } from '../emulator/services/sitecore/v4-signature.ts';
import { SERVICES } from '../emulator/services.ts';
import { explainFailureCode } from '../src/domain/deployment.ts';
import { toFailure } from '../src/github/failure.ts';
import { explainFault, isConnectFault } from '../src/net/faults.ts';
import { refusal } from '../src/net/refusal.ts';
import { readCounts } from '../src/sitecore-cdp/counts.ts';
import { createDeployment } from './emulator/github-helpers.ts';
import { useEmulator } from './emulator/helpers.ts';

const SRC = fileURLToPath(new URL('../src/', import.meta.url));
const WORDS = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__'];

describe.each(WORDS)('%s', (word) => {
  test('is a code that is not known yet', () => {
    expect(explainFailureCode(word)).toMatchObject({
      meaning: 'a code this action does not know yet',
      fix: expect.any(String),
      worthAnotherTry: false,
    });
  });

  test('is no known fault of a connection', () => {
    const fault = Object.assign(new Error('broken'), { code: word });
    expect(explainFault(fault)).toMatchObject({ outcome: `got no answer: the connection broke (${word})` });
    expect(isConnectFault(fault)).toBe(false);
  });

  test('is a field like any other of a refusal', () => {
    const call = { what: 'Asking', method: 'GET', url: new URL('https://api.example/'), timeoutMs: 1 } as const;
    const text = `{"title": "No", "errors": {"${word}": "is wrong"}}`;
    const answer = { status: 422, headers: {}, text };
    const error = refusal({ ...call, signal: new AbortController().signal }, answer);
    expect(error.message).toContain(`No; ${word}: is wrong`);
    expect(Object.entries(error.fields)).toEqual([[word, 'is wrong']]);
  });

  test('is no count of a batch', () => {
    expect(readCounts(JSON.parse(`{"counts": {"${word}": 3, "imported": 2}}`))).toEqual(readCounts({ imported: 2 }));
  });

  test('is nothing that the embedded platform knows', async () => {
    const faults = new FaultParser(SERVICES);
    expect(() => faults.parse(JSON.parse(`{"call": "sign", "effect": "${word}"}`))).toThrow('effect must be one of');
    expect(() => faults.parse(JSON.parse(`{"call": "sign", "effect": "hang", "${word}": 1}`))).toThrow('is no field');
    expect(() => faults.parse({ call: word, effect: 'hang' })).toThrow('call must be one of');
    await using emulator = await useEmulator();
    const { status, data } = await createDeployment(emulator, { required_contexts: [word] });
    expect({ status, text: JSON.stringify(data) }).toEqual({ status: 409, text: expect.stringContaining(word) });
    expect(JSON.stringify(data)).toContain('pending');
  });

  test('is no header that was sent', () => {
    const key = { accessKeyId: 'AKIA', secretAccessKey: 'secret' };
    const signedAt = new Date(Date.UTC(2026, 0, 1));
    const request = { method: 'GET', url: new URL('https://b.example/k'), headers: { host: 'b.example' } };
    const url = createPresignedUrl(key, request, { signedAt, expiresSeconds: 60 });
    url.searchParams.set('X-Amz-SignedHeaders', `${word};host`);
    expect(findSignatureFault(key, { ...request, url }, signedAt.getTime())).toMatchObject({
      code: 'SignatureDoesNotMatch',
    });
  });
});

test('reasons that are objects with names of their own for making a text of them are shown as JSON', () => {
  const odd = { toString: 1, valueOf: 2 };
  const call = { what: 'Asking', method: 'GET', url: new URL('https://api.example/'), timeoutMs: 1 } as const;
  const text = JSON.stringify({ title: 'No', errors: { name: odd, list: ['too long'] } });
  const error = refusal({ ...call, signal: new AbortController().signal }, { status: 422, headers: {}, text });
  expect(error.message).toContain(
    'answered 422. The server says: No; name: {"toString":1,"valueOf":2}; list: ["too long"].',
  );
  const request = { method: 'GET', url: 'https://api.github.example/' };
  const refused = Object.assign(new Error('no'), {
    status: 422,
    request,
    response: { headers: {}, data: { message: odd } },
  });
  expect(toFailure({ what: 'Asking', permission: undefined }, refused)).toMatchObject({
    message: expect.stringContaining('answered 422. The server says: {"toString":1,"valueOf":2}.'),
  });
});

/** A table for any word is a Map, or is looked into where it is known to have the word. */
test('no table of words is indexed without a check that the word is its own', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const offences = files.flatMap((file) => {
    const text = readFileSync(join(SRC, file), 'utf8');
    const tables = [...text.matchAll(/const (\w+): (?:Readonly<)?Record<string, .*\{ ?\w/g)].map(([, name]) => name);
    const multiline = [...text.matchAll(/const (\w+): (?:Readonly<)?(?:Partial<)?Record<string, [^=]*= \{$/gm)];
    return [...tables, ...multiline.map(([, name]) => name)].flatMap((name) =>
      text
        .split('\n')
        .filter((line) => new RegExp(`\\b${name}\\[[a-z]`).test(line) && !line.includes('Object.hasOwn('))
        .map((line) => `${file}: ${line.trim()}`),
    );
  });
  expect(offences).toEqual([]);
});
