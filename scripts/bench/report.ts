/** Writes the figures: JSON, the plot, and the tables of docs/performance.md. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../build.ts';
import { replaceBetween } from '../readme-tables.ts';
import { renderScalePlot } from './plot.ts';
import { type Finding, goalRows, PARTS, type Part, type PartResult, renderMarkdown, seriesRows } from './results.ts';

export interface Machine {
  processors: number;
  model: string;
  memoryBytes: number;
  node: string;
  platform: string;
  /** Of the minute before the run: the machine's other load. */
  loadAverage: number;
}

/** All figures of a run. */
export interface Report {
  machine: Machine;
  rounds: number;
  parts: Partial<Record<Part, PartResult>>;
}

export function createReport(rounds: number): Report {
  return { machine: readMachine(), rounds, parts: {} };
}

export function readMachine(): Machine {
  return {
    processors: availableParallelism(),
    model: cpus()[0]?.model ?? 'unknown',
    memoryBytes: totalmem(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    loadAverage: loadavg()[0] ?? 0,
  };
}

/** For a page with figures. */
export function renderMachine({ model, processors, memoryBytes, platform, node }: Machine): string {
  return `${model}, ${processors} processors, ${Math.round(memoryBytes / 2 ** 30)} GB, ${platform}, Node ${node.slice(1)}`;
}

/**
 * Writes the report, merged with other parts of an earlier run.
 * @param save into docs/; otherwise into .bench/, which is not committed
 * @returns the files
 */
export function writeReport(report: Report, save: boolean): string[] {
  const folder = join(ROOT, save ? 'docs' : '.bench');
  mkdirSync(join(folder, 'images'), { recursive: true });
  const json = join(folder, save ? 'performance.json' : 'results.json');
  const known = existsSync(json) ? (JSON.parse(readFileSync(json, 'utf8')) as Report).parts : {};
  const whole: Report = { ...report, parts: { ...known, ...report.parts } };
  writeFileSync(json, `${JSON.stringify(whole, rounded, 2)}\n`);
  const written = [json];
  if (report.parts.scale !== undefined) {
    const plot = join(folder, 'images', 'performance.svg');
    writeFileSync(plot, renderScalePlot(report.parts.scale.series));
    written.push(plot);
  }
  const page = join(folder, 'performance.md');
  if (save && existsSync(page)) {
    writeFileSync(page, withFigures(readFileSync(page, 'utf8'), whole));
    written.push(page);
  }
  return written;
}

/**
 * For the guard: a goal that is not met yet must not get worse, so each limit is the goal or the figure recorded in
 * docs/performance.json, whichever is worse.
 */
export function withRecorded(findings: readonly Finding[], recorded: readonly Finding[]): Finding[] {
  return findings.map((finding) => {
    const { limit, bound = 'at-most', isExact } = finding;
    const measured = recorded.find(({ goal }) => goal === finding.goal)?.measured;
    if (limit === undefined || measured === undefined || isExact) return finding;
    return { ...finding, limit: bound === 'at-most' ? Math.max(limit, measured) : Math.min(limit, measured) };
  });
}

/** The report of the last saved run; empty if there is none. */
export function readRecorded(path = join(ROOT, 'docs', 'performance.json')): Finding[] {
  if (!existsSync(path)) return [];
  const { parts } = JSON.parse(readFileSync(path, 'utf8')) as Report;
  return Object.values(parts).flatMap(({ findings }) => findings);
}

/** The page with its tables replaced. Throws when a marker is missing. */
export function withFigures(page: string, { machine, parts }: Report): string {
  const results = PARTS.flatMap((part) => parts[part] ?? []);
  const goals = renderMarkdown(goalRows(results.flatMap(({ findings }) => findings)), 1);
  const series = results.flatMap((result) => result.series.filter(({ at }) => at === undefined));
  const about = renderMachine(machine);
  const figures = renderMarkdown(seriesRows(series), 2);
  return replaceBetween(replaceBetween(replaceBetween(page, 'machine', about), 'goals', goals), 'figures', figures);
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
}
