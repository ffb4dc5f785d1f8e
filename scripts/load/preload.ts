/**
 * Preloaded into an action's process (`node --import`): writes samples of its memory, and lets its time pass faster.
 * `LOAD_MEMORY_FILE` is the file for the samples, one JSON line each,
 * `LOAD_SAMPLE_MS` how often, `LOAD_TIME_FACTOR` how much faster: with 60, what the
 * action takes for an hour is a minute, by its clocks and by its timers.
 */
import { appendFileSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import { takeSample } from './memory.ts';

const require = createRequire(import.meta.url);

const { LOAD_MEMORY_FILE: memoryFile, LOAD_SAMPLE_MS: sampleMs = '1000', LOAD_TIME_FACTOR: factor = '1' } = process.env;
if (isMainThread && memoryFile !== undefined) writeSamples(memoryFile, Number(sampleMs));
compressTime(Number(factor));

function writeSamples(path: string, everyMs: number): void {
  const startMs = performance.now();
  const now = performance.now.bind(performance);
  const write = () => appendFileSync(path, `${JSON.stringify(takeSample((now() - startMs) / 1000))}\n`);
  setInterval(write, everyMs).unref();
}

function compressTime(times: number): void {
  if (times === 1) return;
  const shorter = (ms: unknown) => Number(ms ?? 0) / times;
  compressClocks(times);
  compressTimers(shorter);
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = (ms) => timeout(Math.ceil(shorter(ms)));
  syncBuiltinESMExports();
}

function compressClocks(times: number): void {
  const dateNow = Date.now.bind(Date);
  const startMs = dateNow();
  const now = () => Math.round(startMs + (dateNow() - startMs) * times);
  Date.now = now;
  // Not a class of its own: dates that Node makes have to be dates, too.
  globalThis.Date = new Proxy(Date, {
    construct: (target, given, proxy) => Reflect.construct(target, given.length === 0 ? [now()] : given, proxy),
  });
  const performanceNow = performance.now.bind(performance);
  performance.now = () => performanceNow() * times;
}

/** Node's own modules start theirs in other ways: only what the action and its packages start is changed. */
function compressTimers(shorter: (ms: unknown) => number): void {
  type Timers = Record<'setTimeout' | 'setInterval', (...given: unknown[]) => unknown>;
  const callbacks = require('node:timers') as Timers;
  for (const name of ['setTimeout', 'setInterval'] as const) {
    const start = callbacks[name];
    const changed = (callback: unknown, ms: unknown, ...rest: unknown[]) => start(callback, shorter(ms), ...rest);
    callbacks[name] = changed;
    Object.assign(globalThis, { [name]: changed });
  }
  const promises = require('node:timers/promises') as Timers;
  for (const name of ['setTimeout', 'setInterval'] as const) {
    const start = promises[name].bind(promises);
    promises[name] = (ms: unknown, ...rest: unknown[]) => start(shorter(ms), ...rest);
  }
}
