import type { Fault, FaultEffect } from './fault-types.ts';
import { CHUNKINGS, HOSTILE_FIELDS, MALFORMED_KINDS, UNKNOWN_KINDS } from './fault-types.ts';
import { ARTIFACT_ENDPOINTS } from './services/artifacts/endpoints.ts';
import { isRedirectCall } from './services/redirects/calls.ts';
import { BATCH_EFFECTS, LOCATION_KINDS, LOG_KINDS } from './services/sitecore/batch-faults.ts';
import { isBatchCall } from './services/sitecore/calls.ts';
import type { Call } from './types.ts';
import { CALLS, STEPS } from './types.ts';

/** A fault that nobody can make sense of; the message says what is wrong with it. */
export class FaultError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FaultError';
  }
}

interface Check {
  allowed: string;
  test: (value: unknown) => boolean;
  required?: true;
}

const integer: Check = {
  allowed: 'a whole number of 0 or more',
  test: (value) => Number.isInteger(value) && Number(value) >= 0,
};
const milliseconds: Check = {
  allowed: 'a number of 0 or more',
  test: (value) => typeof value === 'number' && value >= 0,
};
const status: Check = {
  allowed: 'a status code from 200 to 599',
  test: (value) => Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599,
};
const limitStatus: Check = { allowed: '403 or 429', test: (value) => value === 403 || value === 429 };
const secondsOrNone: Check = {
  allowed: 'a whole number of 0 or more, or "none"',
  test: (value) => value === 'none' || integer.test(value),
};
const rows: Check = {
  allowed: 'a list of whole numbers of 1 or more',
  test: (value) => Array.isArray(value) && value.every((row) => Number.isInteger(row) && row >= 1),
};
const codeCheck: Check = {
  allowed: 'a whole number or a string',
  test: (value) => typeof value === 'string' || Number.isInteger(value),
};
const flag: Check = { allowed: 'true or false', test: (value) => typeof value === 'boolean' };
const textList: Check = {
  allowed: 'a list of strings',
  test: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
};
const text: Check = { allowed: 'a string', test: (value) => typeof value === 'string' };
const anything: Check = { allowed: 'anything', test: () => true };
const texts: Check = {
  allowed: 'an object of strings',
  test: (value) => isObject(value) && Object.values(value).every((item) => typeof item === 'string'),
};
const xml: Check = {
  allowed: '{code, message}',
  test: (value) => isObject(value) && typeof value['code'] === 'string' && typeof value['message'] === 'string',
};

function required(check: Check): Check {
  return { ...check, required: true };
}

function oneOf(values: readonly string[]): Check {
  return { allowed: `one of ${values.join(', ')}`, test: (value) => values.some((allowed) => allowed === value) };
}

function someOf(values: readonly string[]): Check {
  const one = oneOf(values);
  return { allowed: `a list of ${values.join(', ')}`, test: (value) => Array.isArray(value) && value.every(one.test) };
}

const FIELDS: Readonly<Record<FaultEffect['effect'], Readonly<Record<string, Check>>>> = {
  status: { status: required(status), headers: texts, body: anything, xml },
  'reset-before': {},
  'reset-mid-request': { afterBytes: integer },
  'reset-in-body': {},
  'lost-answer': {},
  'status-after-work': { status: required(status) },
  'slow-body': { delayMs: milliseconds, chunkBytes: integer },
  delay: { delayMs: required(milliseconds) },
  hang: {},
  'stall-upload': { afterBytes: integer },
  redirect: { location: required(text), status },
  conflict: { durationMs: milliseconds },
  'upload-gone': {},
  'job-running': { durationMs: milliseconds, retryAfterSeconds: integer },
  'part-fails': { items: required(rows), status },
  'rate-limit': {
    limit: oneOf(['primary', 'secondary']),
    status: limitStatus,
    resetSeconds: integer,
    retryAfterSeconds: secondsOrNone,
  },
  'hostile-error': { status, text },
  fail: { code: required(integer), atStep: oneOf(STEPS) },
  'job-ends': { status: required(oneOf(['aborted', 'failed'])), atItem: integer },
  'refuse-rows': { rows: required(rows), message: text },
  'refuse-records': { count: integer, positions: rows, refs: textList, code: codeCheck, message: text, quoting: flag },
  'batch-ends': { status: required(oneOf(['corrupted', 'error', 'success'])) },
  'batch-stays': { status: required(text) },
  'batch-status': { status: required(text), seenTimes: integer },
  'batch-counts': { read: integer, processed: integer, failed: integer },
  'batch-location': { kind: oneOf(LOCATION_KINDS), href: text, expiry: text },
  'batch-log': { kinds: required(someOf(LOG_KINDS)), hugeBytes: integer },
  'log-expired': { urls: integer },
  'cut-after': { events: required(integer) },
  'reset-after': { events: required(integer) },
  silence: { events: required(integer) },
  chunking: { chunking: required(oneOf(CHUNKINGS)) },
  malformed: { kinds: someOf(MALFORMED_KINDS), hugeBytes: integer },
  repeat: { copies: integer },
  unknown: { kinds: someOf(UNKNOWN_KINDS) },
  retry: { retryMs: required(milliseconds) },
  id: {},
  bom: {},
  comments: { everyMs: milliseconds },
  multiline: {},
  hostile: { text, fields: someOf(HOSTILE_FIELDS) },
};

const ADDRESS_FIELDS: Readonly<Record<string, Check>> = {
  call: required(oneOf([...CALLS, ...new Set(ARTIFACT_ENDPOINTS.map(({ call }) => call)), 'github.any'])),
  skip: integer,
  times: {
    allowed: 'a whole number of 1 or more, or "always"',
    test: (value) => value === 'always' || (Number.isInteger(value) && Number(value) >= 1),
  },
};

/** What can happen to a call of GitHub. The first two are for nothing else. */
const GITHUB_EFFECTS: readonly FaultEffect['effect'][] = [
  'rate-limit',
  'hostile-error',
  'status',
  'redirect',
  'reset-before',
  'reset-mid-request',
  'reset-in-body',
  'lost-answer',
  'slow-body',
  'delay',
  'hang',
  'stall-upload',
];

/** Effects that are for these calls alone: they become of what the call starts. */
const COURSE_EFFECTS: Readonly<Partial<Record<FaultEffect['effect'], readonly Call[]>>> = {
  'job-running': ['importRedirects', 'exportRedirects'],
  'job-ends': ['importRedirects', 'exportRedirects'],
  'part-fails': ['upsertRedirects', 'deleteRedirects'],
  'refuse-rows': ['importRedirects'],
  ...Object.fromEntries(BATCH_EFFECTS.map((effect) => [effect, ['allocateBatch']])),
};

/** Effects that only ever hit a deployment: on a call of redirects or batches they would do nothing. */
const DEPLOYMENT_EFFECTS: readonly FaultEffect['effect'][] = ['fail', 'conflict', 'upload-gone'];

/** Names of all effects, for messages and help. */
export const EFFECTS: readonly string[] = Object.keys(FIELDS);

/** A fault from JSON of another process or of the command line. Names the field that is wrong and what it may be. */
export function parseFault(value: unknown): Fault {
  if (!isObject(value)) throw new FaultError('a fault must be a JSON object: {"call": ..., "effect": ...}');
  const { effect } = value;
  if (typeof effect !== 'string' || !Object.hasOwn(FIELDS, effect)) {
    throw new FaultError(`effect must be one of ${EFFECTS.join(', ')}; it is ${JSON.stringify(effect)}`);
  }
  const checks: Readonly<Record<string, Check>> = { ...ADDRESS_FIELDS, ...FIELDS[effect as FaultEffect['effect']] };
  for (const name of Object.keys(value)) {
    if (name !== 'effect' && !Object.hasOwn(checks, name)) {
      throw new FaultError(`${name} is no field of a fault with effect ${effect}`);
    }
  }
  for (const [name, check] of Object.entries(checks)) {
    const given = value[name];
    if (given === undefined ? check.required : !check.test(given)) {
      throw new FaultError(`${name} must be ${check.allowed}; it is ${JSON.stringify(given)}`);
    }
  }
  refuseSenseless(effect as FaultEffect['effect'], `${value['call']}`);
  // Every field was held to the table above, which is written after the type.
  return { ...value } as unknown as Fault;
}

function refuseSenseless(effect: FaultEffect['effect'], call: string): void {
  const isGitHub = call.startsWith('github.');
  if (isGitHub && !GITHUB_EFFECTS.includes(effect)) {
    throw new FaultError(`effect of a fault for ${call} must be one of ${GITHUB_EFFECTS.join(', ')}; it is ${effect}`);
  }
  if (!isGitHub && GITHUB_EFFECTS.slice(0, 2).includes(effect)) {
    throw new FaultError(`call of a fault with effect ${effect} must be one of GitHub's; it is ${call}`);
  }
  if (effect === 'status-after-work' && (call === 'upload' || call.startsWith('artifacts.'))) {
    throw new FaultError(
      `call of a fault with effect ${effect} must be one of BigCommerce's or Sitecore CDP's; it is ${call}`,
    );
  }
  const calls = COURSE_EFFECTS[effect];
  if (calls?.some((known) => known === call) === false) {
    throw new FaultError(`call of a fault with effect ${effect} must be one of ${calls.join(', ')}; it is ${call}`);
  }
  if ((isRedirectCall(call) || isBatchCall(call)) && DEPLOYMENT_EFFECTS.includes(effect)) {
    throw new FaultError(`a fault for ${call} cannot have the effect ${effect}, which is for deployments`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
