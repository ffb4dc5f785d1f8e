/** Faults that hit a share of all requests, at places that follow from the seed. */
import type { Emulator, Fault } from '../../emulator/emulator.ts';
import type { FaultEffect } from '../../emulator/services.ts';
import type { Random } from './random.ts';

type Effects = readonly [FaultEffect, ...FaultEffect[]];

/** A client is to survive each of these; faults that end a run, and hangs, are in the fault matrix. */
const COMMON: Effects = [
  { effect: 'status', status: 500 },
  { effect: 'status', status: 502 },
  { effect: 'status', status: 503 },
  { effect: 'status', status: 504 },
  { effect: 'reset-before' },
  { effect: 'reset-in-body' },
  { effect: 'lost-answer' },
  { effect: 'delay', delayMs: 300 },
  { effect: 'slow-body', delayMs: 1, chunkBytes: 64 },
];

const OF_BIGCOMMERCE: Effects = [
  ...COMMON,
  { effect: 'status', status: 429, headers: { 'x-rate-limit-time-reset-ms': '300' } },
];

const OF_STREAMS: Effects = [
  ...OF_BIGCOMMERCE,
  { effect: 'cut-after', events: 1 },
  { effect: 'reset-after', events: 2 },
  { effect: 'malformed', hugeBytes: 10_000 },
  { effect: 'repeat', copies: 3 },
  { effect: 'chunking', chunking: 'bytes' },
];

const OF_GITHUB: Effects = [...COMMON, { effect: 'rate-limit', limit: 'secondary', status: 429, retryAfterSeconds: 1 }];

/** The calls of a deployment that is shown on GitHub and stores its bundle. */
const EFFECTS: Readonly<Partial<Record<Fault['call'], Effects>>> = {
  listProjects: OF_BIGCOMMERCE,
  sign: OF_BIGCOMMERCE,
  upload: COMMON,
  createDeployment: OF_BIGCOMMERCE,
  events: OF_STREAMS,
  'github.createDeployment': OF_GITHUB,
  'github.listDeployments': OF_GITHUB,
  'github.createDeploymentStatus': OF_GITHUB,
  'github.listDeploymentStatuses': OF_GITHUB,
  'artifacts.create': COMMON,
  'artifacts.putBlock': COMMON,
  'artifacts.putBlockList': COMMON,
  'artifacts.finalize': COMMON,
};

/**
 * Replaces the faults that are there.
 * @param share of all requests, 0 to 1
 * @param requests to each call for which faults are planned
 */
export function planRequestFaults(emulator: Emulator, random: Random, share: number, requests: number): void {
  emulator.clearFaults();
  for (const [call, effects] of Object.entries(EFFECTS)) {
    for (let skip = 0; skip < requests; skip += 1) {
      if (random.isHit(share)) emulator.addFault({ call, skip, ...random.pick(effects) } as Fault);
    }
  }
}
