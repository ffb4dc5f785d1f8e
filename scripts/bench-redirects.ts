/**
 * Time and memory that it takes to validate a file of redirects and to plan it against a site's redirects:
 * `npm run bench:redirects`. Every measurement is a process of its own; the sizes take turns, so that a busy moment of
 * the machine hits all of them.
 *
 * Fails if 200,000 rows need 512 MB or more, or if the time per row grows: ten times the rows may
 * take `MAX_GROWTH` times as long at most.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkRedirects } from '../src/domain/redirects/check.ts';
import { planRedirects, type RedirectPlan } from '../src/domain/redirects/plan.ts';
import {
  cellsOf,
  type KnownRedirect,
  REDIRECT_COLUMNS,
  type RedirectTarget,
} from '../src/domain/redirects/redirect.ts';
import { readRedirectFile } from '../src/files/redirects/read-redirect-file.ts';

const SIZES = [2_000, 20_000, 200_000];
const ROUNDS = 5;
const MB = 2 ** 20;
const MAX_MEMORY_BYTES = 512 * MB;
const MAX_GROWTH = 15;
const DOMAIN = 'www.example.com';

/** What one process measures. */
interface Measured {
  readMs: number;
  checkMs: number;
  planMs: number;
  /** The process's peak memory, including the list of the site's redirects. */
  memoryBytes: number;
}

/** Redirect n of a file: two fifths paths, two fifths URLs of which some are not ASCII, one fifth dynamic. */
function targetOf(n: number): RedirectTarget {
  if (n % 5 === 4) return { kind: 'dynamic', type: n % 2 === 0 ? 'Product' : 'Category', id: n + 1 };
  const path = `/shop/${n % 10 === 1 ? 'größen' : 'sizes'}/new-product-${n}/`;
  return { kind: 'manual', url: n % 5 < 2 ? path : `https://${DOMAIN}${path}?from=old` };
}

function fromPathOf(n: number): string {
  return `/old/category-${n % 97}/${n % 13 === 0 ? 'a "b", c' : 'product'}-${n}.html`;
}

function writeSample(path: string, rows: number): void {
  const cell = (text: string) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = Array.from({ length: rows }, (_, n) =>
    cellsOf(DOMAIN, { fromPath: fromPathOf(n), target: targetOf(n) })
      .map(cell)
      .join(','),
  );
  writeFileSync(path, `${[REDIRECT_COLUMNS.join(','), ...lines].join('\n')}\n`);
}

const PAGE_ROWS = 250;

/**
 * The site's redirects, parsed from JSON page by page as a client does. Of ten redirects of the file the site lacks
 * one, has one with another target, and has one that the file lacks.
 */
function currentOf(rows: number): KnownRedirect[] {
  const all: KnownRedirect[] = [];
  for (let from = 0; from < rows; from += PAGE_ROWS) {
    const page = Array.from({ length: Math.min(PAGE_ROWS, rows - from) }, (_, index) => knownRedirect(from + index));
    all.push(...(JSON.parse(JSON.stringify(page)) as KnownRedirect[]));
  }
  return all;
}

function knownRedirect(n: number): KnownRedirect {
  const target: RedirectTarget = n % 10 === 1 ? { kind: 'manual', url: `/elsewhere/${n}` } : targetOf(n);
  const fromPath = n % 10 === 0 ? `/gone/${n}` : fromPathOf(n);
  return { id: n + 1, fromPath, target, toUrl: `https://${DOMAIN}/now/${n}` };
}

async function measure(path: string, rows: number): Promise<Measured> {
  const start = performance.now();
  const file = await readRedirectFile(path);
  const read = performance.now();
  const { problemCount, oddities } = checkRedirects(file.rows);
  const checked = performance.now();
  const current = currentOf(rows);
  const made = performance.now();
  const plan = planRedirects(current, file.rows, { deletes: true });
  const planned = performance.now();
  if (file.problemCount + problemCount + oddities.length > 0) throw new Error('The sample has problems.');
  assertPlan(plan, rows);
  return {
    readMs: read - start,
    checkMs: checked - read,
    planMs: planned - made,
    memoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}

/** Figures are worthless unless the work was done. */
function assertPlan({ added, changed, removed, unchanged }: RedirectPlan, rows: number): void {
  const found = [added.length, changed.length, removed.length, unchanged];
  const expected = [rows / 10, rows / 10, rows / 10, (rows / 10) * 8];
  if (found.join() !== expected.join()) throw new Error(`The plan is ${found.join()}, and not ${expected.join()}.`);
}

function measureInChild(path: string, rows: number): Measured {
  const args = [fileURLToPath(import.meta.url), '--measure', path, String(rows)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The measurement of ${rows} rows failed: ${stderr}`);
  return JSON.parse(stdout) as Measured;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

/** Of several measurements: the median of each time, and the most memory. */
function summarize(measured: readonly Measured[]): Measured & { totalMs: number } {
  return {
    readMs: median(measured.map(({ readMs }) => readMs)),
    checkMs: median(measured.map(({ checkMs }) => checkMs)),
    planMs: median(measured.map(({ planMs }) => planMs)),
    totalMs: median(measured.map(({ readMs, checkMs, planMs }) => readMs + checkMs + planMs)),
    memoryBytes: Math.max(...measured.map(({ memoryBytes }) => memoryBytes)),
  };
}

function bench(): number {
  const folder = mkdtempSync(join(tmpdir(), 'bench-redirects-'));
  try {
    const samples = SIZES.map((rows) => ({ rows, path: join(folder, `${rows}.csv`), measured: [] as Measured[] }));
    for (const { rows, path } of samples) writeSample(path, rows);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const { rows, path, measured } of samples) measured.push(measureInChild(path, rows));
    }
    return print(samples.map(({ rows, measured }) => ({ rows, ...summarize(measured) })));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Figures of one size. */
export type Line = ReturnType<typeof summarize> & { rows: number };

function print(lines: readonly Line[]): number {
  const cells = lines.map((line, index) => {
    const before = lines[index - 1];
    return [
      line.rows.toLocaleString('en-US'),
      ...[line.readMs, line.checkMs, line.planMs, line.totalMs].map((ms) => `${ms.toFixed(0)} ms`),
      `${(line.memoryBytes / MB).toFixed(0)} MB`,
      ...(before === undefined
        ? ['', '']
        : [line.totalMs / before.totalMs, line.memoryBytes / before.memoryBytes].map((x) => `× ${x.toFixed(1)}`)),
    ];
  });
  const table = [['rows', 'read', 'check', 'plan', 'in all', 'peak memory', 'time grows', 'memory grows'], ...cells];
  for (const row of table) console.log(row.map((text) => text.padStart(14)).join(''));
  const offences = findOffences(lines);
  for (const offence of offences) console.error(offence);
  return offences.length > 0 ? 1 : 0;
}

/** Exceeded limits, a sentence each. */
export function findOffences(lines: readonly Line[]): string[] {
  const largest = lines.at(-1);
  if (largest === undefined) return ['Nothing was measured.'];
  const tooMuch =
    largest.memoryBytes >= MAX_MEMORY_BYTES
      ? [
          `${largest.rows} rows took ${(largest.memoryBytes / MB).toFixed(0)} MB: ${MAX_MEMORY_BYTES / MB} MB is too much.`,
        ]
      : [];
  const tooSlow = lines.flatMap((line, index) => {
    const growth = line.totalMs / (lines[index - 1]?.totalMs ?? line.totalMs);
    return growth > MAX_GROWTH
      ? [
          `Ten times the rows (${line.rows}) took ${growth.toFixed(1)} times as long: more than ${MAX_GROWTH} is not linear.`,
        ]
      : [];
  });
  return [...tooMuch, ...tooSlow];
}

if (import.meta.main) {
  const [mode, path = '', rows] = process.argv.slice(2);
  if (mode === '--measure') console.log(JSON.stringify(await measure(path, Number(rows))));
  else process.exitCode = bench();
}
