import { count, formatDuration } from './format.ts';
import { renderGantt } from './gantt.ts';
import { limitLabel } from './limits.ts';
import { breakable, code, prose, table, text } from './markdown.ts';
import { fold } from './page.ts';
import type { PhaseRecord, RunRecord } from './run-record.ts';
import { requestFold, requestOf, shorten } from './sections.ts';

/** Parts that the step summary of every action has. */

const MAX_WARNINGS = 50;
/** Of a run that has more, the first and the last phases: Mermaid refuses a chart of thousands of bars. */
const FIRST_PHASES = 10;
const LAST_PHASES = 20;

const MARKS: Readonly<Record<PhaseRecord['state'], string>> = { done: '✅', failed: '❌', cancelled: '🚫' };

/** A fact, where the platform's API is not at the usual host. */
export function apiHostCell({ apiHost }: RunRecord): string | undefined {
  return apiHost === undefined ? undefined : code(apiHost);
}

/** The same in the line of facts. */
export function apiHostFact(record: RunRecord): string | undefined {
  const host = apiHostCell(record);
  return host === undefined ? undefined : `API host ${host}`;
}

/** A chart of a few seconds says nothing that the table does not. */
const CHART_FROM_MS = 10_000;

/**
 * The request that failed, if one did; the phases, and a chart of a run of ten seconds or more. Open after a failure that
 * took so long.
 */
export function phasesFold(record: RunRecord, maxChars?: number): string | undefined {
  const { phases, failure } = record;
  const request = requestOf(failure);
  const slowest = phases.toSorted((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs))[0];
  if (slowest === undefined) return requestFold(failure);
  const isLong = Math.max(...phases.map(({ endMs }) => endMs)) >= CHART_FROM_MS;
  const title = limitLabel(slowest.title, maxChars);
  const body = phasesBody(record, { isLong, maxChars });
  return fold(
    request === undefined
      ? `Phases (slowest: ${text(title)}, ${shortDuration(slowest.endMs - slowest.startMs)})`
      : 'The request, and all phases',
    request === undefined ? body : `${request}\n\n${body}`,
    { isOpen: failure !== undefined && isLong },
  );
}

/** One line of a phone has room for `72 s`, and not for `1 min 12 s`. */
function shortDuration(ms: number): string {
  return ms < 10_000 || ms >= 1_000_000 ? formatDuration(ms) : `${Math.round(ms / 1000)} s`;
}

/** `maxChars` of each title and result; one line of them is shown then. */
function phasesBody({ phases }: RunRecord, { isLong, maxChars }: { isLong: boolean; maxChars: number | undefined }) {
  const between = Math.max(0, phases.length - FIRST_PHASES - LAST_PHASES);
  const first = phases.slice(0, between > 0 ? FIRST_PHASES : undefined).map((phase) => limitPhase(phase, maxChars));
  const last = between > 0 ? phases.slice(-LAST_PHASES).map((phase) => limitPhase(phase, maxChars)) : [];
  const gap = between > 0 ? [['…', `${count(between, 'phase')} between these: see the job log`, '']] : [];
  const rows = [...first.map(phaseRow), ...gap, ...last.map(phaseRow)];
  const sections = [table(['Phase', 'Result', 'Time'], rows, [2])];
  // A single bar would say nothing that the table does not.
  if (isLong && phases.length > 1) sections.push(renderGantt([...first, ...last]));
  return sections.join('\n\n');
}

/** With all of it, the table would not fit a phone; the ids have it. */
const UUID = /\b([0-9a-f]{8})(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;

function phaseRow(phase: PhaseRecord): string[] {
  return [
    `${phase.state === 'done' && phase.hasWarnings ? '⚠️' : MARKS[phase.state]} ${text(phase.title)}`,
    breakable((phase.result ?? phase.state).replace(UUID, '$1…')),
    formatDuration(phase.endMs - phase.startMs),
  ];
}

function limitPhase(phase: PhaseRecord, maxChars: number | undefined): PhaseRecord {
  if (maxChars === undefined) return phase;
  const { title, result } = phase;
  const limited = { ...phase, title: limitLabel(title, maxChars) };
  return result === undefined ? limited : { ...limited, result: limitLabel(result, maxChars) };
}

/** @param maxChars of each; one line of it is shown then */
export function warningsSection({ warnings }: RunRecord, maxChars?: number): string | undefined {
  if (warnings.length === 0) return undefined;
  const limited = (warning: string) => (maxChars === undefined ? shorten(warning) : limitLabel(warning, maxChars));
  const shown = warnings.slice(0, MAX_WARNINGS).map((warning) => `- ⚠️ ${prose(limited(warning))}`);
  const rest = warnings.length - shown.length;
  if (rest > 0) shown.push(`- and ${count(rest, 'more warning')}: see the job log`);
  return `### Warnings\n\n${shown.join('\n')}`;
}
