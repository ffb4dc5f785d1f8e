import { count, formatDuration } from './format.ts';
import { renderGantt } from './gantt.ts';
import { prose, table, text } from './markdown.ts';
import type { RunRecord } from './run-record.ts';
import { shorten } from './sections.ts';

/** Parts that the step summary of every action has. */

const MAX_WARNINGS = 50;

export function phasesSection({ phases }: RunRecord): string | undefined {
  if (phases.length === 0) return undefined;
  const marks = { done: '✅', failed: '❌', cancelled: '🚫' };
  const rows = phases.map((phase) => [
    `${phase.state === 'done' && phase.hasWarnings ? '⚠️' : marks[phase.state]} ${text(phase.title)}`,
    text(phase.result ?? phase.state),
    formatDuration(phase.endMs - phase.startMs),
  ]);
  const sections = ['### Phases', table(['Phase', 'Result', 'Time'], rows, [2])];
  // A single bar would say nothing that the table does not.
  if (phases.length > 1) sections.push(renderGantt(phases));
  return sections.join('\n\n');
}

export function warningsSection({ warnings }: RunRecord): string | undefined {
  if (warnings.length === 0) return undefined;
  const shown = warnings.slice(0, MAX_WARNINGS).map((warning) => `- ⚠️ ${prose(shorten(warning))}`);
  const rest = warnings.length - shown.length;
  if (rest > 0) shown.push(`- and ${count(rest, 'more warning')}: see the job log`);
  return `### Warnings\n\n${shown.join('\n')}`;
}
