/** What each service declares is held to rules that its types cannot say. */
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { EndpointTable } from '../../emulator/endpoints.ts';
import { FaultParser } from '../../emulator/faults/parse.ts';
import { findProblem } from '../../emulator/schema.ts';
import type { Service } from '../../emulator/service.ts';
import { SERVICES } from '../../emulator/services.ts';
import { readJson, useEmulator } from './helpers.ts';

const TABLE = new EndpointTable<Service>(SERVICES);
const ENDPOINTS = SERVICES.flatMap((service: Service) => service.endpoints.map((endpoint) => ({ service, endpoint })));

/** A URL that fits an endpoint; the parts that a number or one of some words must be in are 7 and the first word. */
function createUrl(path: string, query: Readonly<Record<string, string>> = {}): URL {
  const filled = path
    .replaceAll(/:\w+\(\\d\+\)/g, '7')
    .replaceAll(/:\w+\(([^|)]+)\|[^)]*\)/g, '$1')
    .replaceAll(/:\w+(\([^)]*\))?/g, 'x')
    .replaceAll(/\{\/\*\}\?|\*/g, '');
  const url = new URL(filled || '/', 'http://127.0.0.1');
  for (const [name, value] of Object.entries(query)) if (value !== '') url.searchParams.set(name, value);
  return url;
}

describe('endpoints', () => {
  test.each(ENDPOINTS.map((one) => [one.endpoint.method, one.endpoint.path, one] as const))(
    '%s %s leads to its call',
    (method, path, { service, endpoint }) => {
      const found = TABLE.find(method === '*' ? 'OPTIONS' : method, createUrl(path, endpoint.query));
      expect([found.service.name, found.endpoint.call]).toEqual([service.name, endpoint.call]);
    },
  );

  test('a call belongs to one service', () => {
    const owners = new Map(ENDPOINTS.map(({ service, endpoint }) => [endpoint.call, service.name]));
    expect(ENDPOINTS.filter(({ service, endpoint }) => owners.get(endpoint.call) !== service.name)).toEqual([]);
  });
});

describe('faults', () => {
  const { definitions } = new FaultParser(SERVICES);

  test('an effect is declared once', () => {
    const declared = new Set(SERVICES.flatMap(({ faults }: Service) => faults));
    expect(declared.size).toBe(definitions.length);
  });

  test('each call that a fault is limited to is there', () => {
    const calls: readonly string[] = ENDPOINTS.map(({ endpoint }) => endpoint.call);
    expect(definitions.flatMap((one) => one.calls ?? []).filter((call) => !calls.includes(call))).toEqual([]);
  });

  test.each(definitions.map((one) => [one.effect, one] as const))(
    'each field of %s has words',
    (effect, { schema }) => {
      const fields: Readonly<Record<string, z.core.$ZodType>> = schema.shape;
      for (const name of Object.keys(fields).filter((field) => field !== 'effect')) {
        const value = { effect, [name]: Symbol('nothing that JSON has') };
        const { error } = z.safeParse(z.pick(schema, { [name]: true } as never), value);
        if (error !== undefined) expect(findProblem(schema, value, error).words).not.toBe('something else');
      }
    },
  );
});

describe('options of the command line', () => {
  test('no two services have the same one', () => {
    const names = SERVICES.flatMap(({ cli }: Service) => Object.keys({ ...cli?.options, ...cli?.flags }));
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('the control', () => {
  test.each([
    ['hold', { at: 'nowhere' }, 'at must be one of queued, initializing'],
    ['projects', undefined, 'name must be a string'],
    ['redirects', [{ fromPath: '/a', to: 7 }], 'to must be a string'],
    ['hold-jobs', { at: 'complete' }, 'at must be one of new, working, or null'],
    ['permissions', { permission: 'issues', level: 'admin' }, 'level must be one of none, read, write'],
    ['permissions', 'issues', 'the body must be an object'],
    ['serve', { allow: ['[::1]:80', 'https://a.example'] }, 'allow must be a host, a host with its port, or *'],
    ['faults', { call: 'sign', effect: 'delay' }, 'delayMs must be a number of 0 or more; it is undefined'],
  ])('POST %s with %j is refused', async (path, body, message) => {
    await using emulator = await useEmulator();
    const init = { method: 'POST', ...(body !== undefined && { body: JSON.stringify(body) }) };
    const response = await fetch(`${emulator.origin}/_emulator/${path}`, init);
    expect(response.status).toBe(400);
    expect((await readJson(response)).error).toContain(message);
  });
});
