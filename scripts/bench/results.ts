/** Results of the benchmark's parts, and their goals. */
import { median, range } from './statistics.ts';

export const PARTS = ['packaging', 'start', 'upload', 'verdict', 'run', 'scale'] as const;
export type Part = (typeof PARTS)[number];

export type Unit = 'ratio' | 'ms' | 's' | 'MB' | 'kB' | 'MB/s' | 'count' | '%';

/** A figure with a limit; without one it is only shown. */
export interface Finding {
  /** What was compared, in a few words. */
  goal: string;
  measured: number;
  unit: Unit;
  limit?: number;
  /** `at-most` unless given. */
  bound?: 'at-most' | 'at-least';
  /** It does not depend on the machine, so there is no slack. */
  isExact?: true;
}

/** The growing quantity: the number of files, or MB before compression. */
export type Axis = 'files' | 'MB';

/** One contender in one case, over all rounds. */
export interface Series {
  /** Such as `typical`. */
  scenario: string;
  contender: string;
  /** Its position on an axis of the plot. */
  at?: { axis: Axis; value: number };
  /** Wall time of each round. */
  ms: number[];
  /** Highest resident memory of each round. */
  peakBytes: number[];
  /** Size of its zip, if it writes one. */
  zipBytes?: number;
  /** Why there are no figures, such as `not installed`. */
  missing?: string;
}

export interface PartResult {
  findings: Finding[];
  series: Series[];
}

export const MB = 2 ** 20;

export type Judgement = 'met' | 'not met' | 'shown';

/** Whether a goal is met. `slack` widens the limit: 1.35 lets a figure be 35 % worse. */
export function judge({ measured, limit, bound = 'at-most', isExact }: Finding, slack = 1): Judgement {
  if (limit === undefined) return 'shown';
  const given = isExact ? 1 : slack;
  const isMet = bound === 'at-most' ? measured <= limit * given : measured >= limit / given;
  return isMet ? 'met' : 'not met';
}

/** The better one of two measurements of a goal. */
export function betterOf(one: Finding, other: Finding | undefined): Finding {
  if (other === undefined) return one;
  const isLess = other.measured < one.measured;
  return isLess === (one.bound !== 'at-least') ? other : one;
}

/** The series of a contender; throws when it was not measured. */
export function seriesOf(series: readonly Series[], scenario: string, contender: string): Series {
  const found = series.find((one) => one.scenario === scenario && one.contender === contender);
  if (found === undefined || found.ms.length === 0) throw new Error(`${contender} was not measured on ${scenario}`);
  return found;
}

const FORMS: Readonly<Record<Unit, (value: number) => string>> = {
  ratio: (value) => value.toFixed(value < 2 ? 3 : 2),
  ms: (value) => `${value.toFixed(value < 10 ? 1 : 0)} ms`,
  s: (value) => `${value.toFixed(1)} s`,
  kB: (value) => `${value.toFixed(0)} kB`,
  count: (value) => value.toLocaleString('en-US'),
  '%': (value) => `${value.toFixed(1)} %`,
  MB: (value) => `${value.toFixed(0)} MB`,
  'MB/s': (value) => `${value.toFixed(0)} MB/s`,
};

/** Rows of the table of goals, its head first. */
export function goalRows(findings: readonly Finding[], slack = 1): string[][] {
  const rows = findings.map((finding) => {
    const form = FORMS[finding.unit];
    const sign = finding.bound === 'at-least' ? '≥' : '≤';
    const limit = finding.limit === undefined ? '' : `${sign} ${form(finding.limit)}`;
    return [finding.goal, form(finding.measured), limit, judge(finding, slack)];
  });
  return [['goal', 'measured', 'limit', slack === 1 ? '' : `with × ${slack} of slack`], ...rows];
}

/** Rows of the table of figures, its head first. */
export function seriesRows(series: readonly Series[]): string[][] {
  const rows = series.map(({ scenario, contender, ms, peakBytes, zipBytes, missing }) => {
    if (missing !== undefined || ms.length === 0) return [scenario, contender, missing ?? '', '', '', ''];
    const { min, max } = range(ms);
    const peak = peakBytes.length === 0 ? '' : (median(peakBytes) / MB).toFixed(0);
    const spread = `${min.toFixed(0)} to ${max.toFixed(0)}`;
    return [scenario, contender, median(ms).toFixed(0), spread, peak, zipBytes?.toLocaleString('en-US') ?? ''];
  });
  return [['case', 'who', 'ms', 'from, to', 'peak MB', 'zip bytes'], ...rows];
}

/** A table for a terminal: the first two columns to the left, figures to the right. */
export function renderText(rows: readonly string[][], leftColumns: number): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column < leftColumns ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}

/** The table as Markdown. */
export function renderMarkdown(rows: readonly string[][], leftColumns: number): string {
  const [head = [], ...body] = rows;
  const rule = head.map((_, column) => (column < leftColumns ? '---' : '---:'));
  return [head, rule, ...body].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
