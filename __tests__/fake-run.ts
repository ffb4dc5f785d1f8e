import type { Phase, Run, RunEvent } from '../src/report/run-events.ts';

/** A run that nobody shows: it collects what happens in it. */
export interface FakeRun<E extends { type: string }> extends Run<E> {
  /** In their order; without those of phases, whose lines and results are below. */
  readonly events: readonly E[];
  /** Of one type. */
  eventsOf<T extends E['type']>(type: T): Extract<E, { type: T }>[];
  /** Also those of phases. */
  readonly lines: readonly string[];
  readonly warnings: readonly string[];
  readonly debugLines: readonly string[];
  /** Of phases: what they were said to result in. */
  readonly results: readonly string[];
  /** Of phases: what the next sign of life would have said. */
  readonly statuses: readonly string[];
}

export function createFakeRun<E extends { type: string } = RunEvent>(): FakeRun<E> {
  const events: E[] = [];
  const lines: string[] = [];
  const warnings: string[] = [];
  const debugLines: string[] = [];
  const results: string[] = [];
  const statuses: string[] = [];
  const emit = (event: E) => {
    events.push(event);
    const common = event as unknown as RunEvent;
    if (common.type === 'info') lines.push(common.line);
    if (common.type === 'warned') warnings.push(common.message);
    if (common.type === 'debug') debugLines.push(common.text);
  };
  const emitCommon = (event: RunEvent) => emit(event as unknown as E);
  const info = (line: string) => emitCommon({ type: 'info', line });
  const phase: Phase = {
    info,
    status: (text) => void statuses.push(text),
    result: (text) => void results.push(text),
  };
  return {
    ...{ events, lines, warnings, debugLines, results, statuses, emit, info },
    eventsOf: <T extends E['type']>(type: T) =>
      events.filter((event): event is Extract<E, { type: T }> => event.type === type),
    warn: (message) => emitCommon({ type: 'warned', message }),
    debug: (text) => emitCommon({ type: 'debug', text }),
    phase: async (_, work) => await work(phase),
  };
}
