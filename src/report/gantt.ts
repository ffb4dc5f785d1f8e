import type { PhaseRecord } from './run-record.ts';

/** Narrower bars than this share of the whole could not be seen. */
const MIN_BAR_SHARE = 0.002;
/** Runs shorter than this have an axis in fractions of a second. */
const SHORT_MS = 2000;
const HOUR_MS = 3_600_000;

/** A Mermaid gantt of the phases. Titles may name a file: what Mermaid reads as syntax is dropped. */
export function renderGantt(phases: readonly PhaseRecord[]): string {
  const endMs = Math.max(...phases.map((phase) => phase.endMs), 1);
  const bars = phases.map((phase) => {
    const state = phase.state === 'failed' ? 'crit, ' : '';
    const stopMs = Math.max(phase.endMs, phase.startMs + endMs * MIN_BAR_SHARE);
    return `    ${barTitle(phase.title)} :${state}${clock(phase.startMs)}, ${clock(stopMs)}`;
  });
  return [
    '```mermaid',
    'gantt',
    '    dateFormat HH:mm:ss.SSS',
    `    axisFormat ${axisFormat(endMs)}`,
    `    tickInterval ${endMs < SHORT_MS ? '200millisecond' : `${tickSeconds(endMs / 1000)}second`}`,
    '    todayMarker off',
    ...bars,
    '```',
  ].join('\n');
}

function barTitle(title: string): string {
  return title.replaceAll("'", '’').replace(/[^\w ./’-]/g, ' ');
}

function axisFormat(endMs: number): string {
  if (endMs < SHORT_MS) return '%S.%L';
  return endMs < HOUR_MS ? '%M:%S' : '%H:%M';
}

/** A round number of seconds, so that the axis has at most ten ticks and none says the same as its neighbour. */
function tickSeconds(totalSeconds: number): number {
  return [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 3600].find((seconds) => totalSeconds / seconds <= 10) ?? 14_400;
}

/** Time of day counted from midnight: Mermaid reads and shows it in the same time zone, whichever that is. */
function clock(ms: number): string {
  return new Date(Math.max(0, Math.round(ms))).toISOString().slice(11, 23);
}
