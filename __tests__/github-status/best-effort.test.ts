import { describe, expect, test } from '@jest/globals';
import { createArtifactError } from '../../src/github/artifact-failure.ts';
import { createBestEffort } from '../../src/github-status/best-effort.ts';
import { isForbidden, isTransient, NetworkError, statusOf } from '../../src/net/errors.ts';
import { httpError } from '../http-error.ts';

const broken = (transient: boolean) =>
  new NetworkError('Asking', {
    method: 'GET',
    url: new URL('https://example.com/'),
    outcome: 'got no answer',
    delivery: 'lost-answer',
    transient,
  });
const artifact = (kind: 'ended' | 'no-service') =>
  createArtifactError('a.zip', kind === 'ended' ? { kind, reason: 'It broke off.' } : { kind });

const ERRORS = {
  'a server fault': { error: httpError(503, 'Down.'), status: 503, isTransient: true, isFinal: false },
  'a missing permission': { error: httpError(403, 'No.'), status: 403, isTransient: false, isFinal: true },
  'a refused token': { error: httpError(401, 'No.'), status: 401, isTransient: false, isFinal: false },
  'a broken connection': { error: broken(true), status: undefined, isTransient: true, isFinal: false },
  "a proxy's refusal": { error: broken(false), status: undefined, isTransient: false, isFinal: true },
  'an upload that broke off': { error: artifact('ended'), status: undefined, isTransient: true, isFinal: false },
  'no artifact service': { error: artifact('no-service'), status: undefined, isTransient: false, isFinal: true },
  'a fault of this program': { error: new Error('Oops.'), status: undefined, isTransient: false, isFinal: false },
};

describe.each(Object.entries(ERRORS))('%s', (_, { error, ...expected }) => {
  test('has a status and a transience by its class', () => {
    expect({ status: statusOf(error), isTransient: isTransient(error) }).toEqual({
      status: expected.status,
      isTransient: expected.isTransient,
    });
    expect(isForbidden(error)).toBe(expected.status === 403);
  });

  test('is attempted again unless it is final, and is warned of once', async () => {
    const warnings: string[] = [];
    const logger = { info: () => {}, warn: (message: string) => void warnings.push(message), debug: () => {} };
    const effort = createBestEffort({ failing: 'It failed.', logger });
    const { signal } = new AbortController();
    let attempts = 0;
    const fail = async () => {
      attempts += 1;
      throw error;
    };
    expect(await effort.attempt(signal, fail)).toBeUndefined();
    expect(await effort.attempt(signal, fail)).toBeUndefined();
    expect(effort.isGivenUp).toBe(expected.isFinal);
    expect(attempts).toBe(expected.isFinal ? 1 : 2);
    expect(warnings).toHaveLength(1);
  });
});
