/**
 * `npm run bench [-- <part>…] [--runs N] [--quick] [--save]`: measures each goal of speed and memory against the usual
 * alternatives, in one interleaved run, as ratios of medians. Prints tables, and writes all figures to
 * .bench/results.json, or with `--save` to docs/, with the plot and the tables of docs/performance.md.
 *
 * `npm run bench -- --guard` is what CI runs: a short run of ratios, which fails when one is much worse than its goal,
 * or than what was recorded where the goal is not met.
 */
import { parseArgs } from 'node:util';
import type { BenchOptions, PartRunner } from './context.ts';
import { measurePackaging } from './parts/packaging.ts';
import { measureRun } from './parts/run.ts';
import { measureScale } from './parts/scale.ts';
import { measureStart } from './parts/start.ts';
import { measureUpload } from './parts/upload.ts';
import { measureVerdict } from './parts/verdict.ts';
import { createReport, readRecorded, withRecorded, writeReport } from './report.ts';
import {
  betterOf,
  type Finding,
  goalRows,
  judge,
  PARTS,
  type Part,
  type PartResult,
  renderText,
  seriesRows,
} from './results.ts';

const RUNNERS: Readonly<Record<Part, PartRunner>> = {
  packaging: measurePackaging,
  start: measureStart,
  upload: measureUpload,
  verdict: measureVerdict,
  run: measureRun,
  scale: measureScale,
};

const ROUNDS = 7;
const QUICK_ROUNDS = 3;
const GUARD_ROUNDS = 5;
const GUARDED: readonly Part[] = ['packaging', 'start', 'upload'];
/** How much worse than its goal or recorded value a ratio may be in CI, whose machines are busy and of many kinds. */
const GUARD_SLACK = 1.35;

interface Asked extends BenchOptions {
  parts: readonly Part[];
  save: boolean;
}

function readArguments(): Asked {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: 'string' },
      quick: { type: 'boolean', default: false },
      guard: { type: 'boolean', default: false },
      save: { type: 'boolean', default: false },
    },
  });
  const { quick, guard, save } = values;
  const unknown = positionals.filter((name) => !PARTS.some((part) => part === name));
  if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(', ')}. Parts are ${PARTS.join(', ')}.`);
  const rounds = Number(values.runs ?? (guard ? GUARD_ROUNDS : quick ? QUICK_ROUNDS : ROUNDS));
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--runs takes a whole number from 1 on.');
  const chosen = PARTS.filter((part) => positionals.includes(part));
  const parts = chosen.length > 0 ? chosen : guard ? GUARDED : PARTS;
  return { rounds, quick, guard, save, parts, say: (text) => console.error(text) };
}

/** @returns the exit code: with `--guard` 1 where a ratio is too bad, 0 otherwise; a benchmark alone judges nothing */
async function bench(asked: Asked): Promise<number> {
  if (process.platform !== 'linux') throw new Error('The benchmark reads peaks of memory from /proc: it needs Linux.');
  const slack = asked.guard ? GUARD_SLACK : 1;
  const report = createReport(asked.rounds);
  const { loadAverage, processors } = report.machine;
  if (loadAverage > processors / 2)
    asked.say(`The machine is busy (load ${loadAverage}): figures will be worse than they are.`);
  for (const part of asked.parts) {
    const result = await measure(part, asked);
    report.parts[part] = result;
    const rounds = [...new Set(result.series.map(({ ms }) => ms.length).filter((length) => length > 0))];
    console.log(`\n${part}: figures (medians of ${rounds.join(' or ')} rounds)\n`);
    console.log(renderText(seriesRows(result.series), 2));
  }
  const findings = asked.parts.flatMap((part) => report.parts[part]?.findings ?? []);
  console.log(`\n${renderText(goalRows(findings, slack), 1)}\n`);
  const bad = badOnes(findings, slack);
  const goals = findings.filter(({ limit }) => limit !== undefined);
  console.log(`${goals.length - bad.length} of ${goals.length} goals met.`);
  if (!asked.guard) console.log(`Written: ${writeReport(report, asked.save).join(', ')}`);
  return asked.guard && bad.length > 0 ? 1 : 0;
}

/** The guard measures twice before it reports a problem: the machine may have been busy with something else. */
async function measure(part: Part, asked: Asked): Promise<PartResult> {
  asked.say(`--- ${part}`);
  const run = async () => {
    const { series, findings } = await RUNNERS[part](asked);
    return { series, findings: asked.guard ? withRecorded(findings, readRecorded()) : findings };
  };
  const result = await run();
  if (!asked.guard) return result;
  const bad = badOnes(result.findings, GUARD_SLACK);
  if (bad.length === 0) return result;
  asked.say(`${bad.map(({ goal, measured }) => `${goal} ${measured.toFixed(3)}`).join('; ')}: measured once more`);
  const again = await run();
  return { ...again, findings: again.findings.map((finding, index) => betterOf(finding, result.findings[index])) };
}

function badOnes(findings: readonly Finding[], slack: number): Finding[] {
  return findings.filter((finding) => judge(finding, slack) === 'not met');
}

try {
  process.exitCode = await bench(readArguments());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
