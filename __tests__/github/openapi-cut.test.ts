import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, test } from '@jest/globals';
import { type Document, OpenAPIBackend } from 'openapi-backend';
import { CALLS, cutDescription, cutProblems, render } from '../../scripts/github-openapi.ts';
import { temporaryFolder } from '../clean-up.ts';
import { MAX_PER_PAGE, MAX_STATUS_DESCRIPTION_LENGTH, readDescription } from './openapi-document.ts';

const CUT = fileURLToPath(new URL('openapi.json', import.meta.url));
const text = readFileSync(CUT, 'utf8');
const cut = JSON.parse(text) as ReturnType<typeof cutDescription>;
const { license } = cut['info'] as { license: { 'x-text': string } };

/** The source of the cut, as far as it can be inferred from it, and some of what was left out. */
const whole = {
  ...cut,
  tags: [{ name: 'zen' }],
  paths: {
    ...(cut['paths'] as object),
    '/zen': { get: { operationId: 'meta/get-zen', responses: { 200: { $ref: '#/components/responses/zen' } } } },
  },
  components: {
    ...(cut['components'] as object),
    responses: {
      ...(cut['components'] as { responses: object }).responses,
      zen: { description: 'A word' },
    },
  },
  'x-webhooks': { 'x-github-breaking-changes': [{ version: '2026-03-10' }] },
};

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(join(folder, 'generated'));
  writeFileSync(join(folder, 'generated/api.github.com.json'), JSON.stringify(whole));
  writeFileSync(join(folder, 'LICENSE'), `${license['x-text']}\n`);
});

test('the cut is an OpenAPI document', async () => {
  // The same text as another type: the library has its own for documents.
  const definition = JSON.parse(text) as Document;
  await new OpenAPIBackend({ definition, strict: true, validate: false }).init();
});

test('the cut has exactly the calls that it should, and is small', () => {
  const operations = Object.values(readDescription().paths).flatMap((item) => Object.values(item));
  expect(operations.map(({ operationId }) => operationId).sort()).toEqual(CALLS);
  expect(text.length).toBeLessThan(120_000);
  expect(text).not.toMatch(/"(?:examples?|x-octokit)":/);
});

test('the cut says in words the limits that the tests use as numbers', () => {
  expect(text).toContain(`The maximum description length is ${MAX_STATUS_DESCRIPTION_LENGTH} characters.`);
  expect(text).toContain(`The number of results per page (max ${MAX_PER_PAGE}).`);
});

test('unneeded parts are cut away, and the result is the same each time', () => {
  expect(render(cutDescription(whole, license['x-text']))).toBe(text);
});

test('a field named like something that is left out remains', () => {
  const properties = {
    title: { type: 'string', title: 'a', example: 'b' },
    example: { type: 'integer', deprecated: true },
  };
  const schema = { type: 'object', properties, 'x-more': 1, description: 'Any words' };
  const components = {
    ...(cut['components'] as object),
    schemas: {
      ...(cut['components'] as { schemas: object }).schemas,
      deployment: schema,
    },
  };
  const { components: found } = cutDescription({ ...whole, components } as typeof cut, '');
  expect((found as { schemas: Record<string, unknown> }).schemas['deployment']).toEqual({
    type: 'object',
    properties: { title: { type: 'string' }, example: { type: 'integer' } },
  });
});

test('a call that the package does not know is an error', () => {
  expect(() => cutDescription({ ...cut, paths: {} }, '')).toThrow(
    /^not in the description: actions\/download-artifact,/,
  );
});

test('a component that the package does not know is an error', () => {
  expect(() => cutDescription({ ...cut, components: {} }, '')).toThrow('not in the description: parameters/owner');
});

test('the committed cut is compared with a package', () => {
  const committed = join(folder, 'openapi.json');
  const problems = () => cutProblems(folder, committed);
  expect(problems()).toEqual(['__tests__/github/openapi.json is missing']);
  writeFileSync(committed, text);
  expect(problems()).toEqual([]);
  writeFileSync(committed, text.replace('"openapi": "3.0.3"', '"openapi": "3.1.0"'));
  expect(problems()).toEqual([expect.stringMatching(/is not what @octokit\/openapi@[\d.]+ gives, from line 2 on$/)]);
  writeFileSync(committed, text.trimEnd());
  expect(problems()).toEqual([expect.stringMatching(/gives: its end is missing$/)]);
});
