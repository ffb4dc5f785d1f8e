/** What `npm run mutants` prints, and writes to docs/mutants.md. */
import { KINDS, type Mutant, type Verdict } from './mutant.ts';

/** Of the mutants that are not equivalent. */
export const GOAL = 0.95;

export interface Judged {
  mutant: Mutant;
  verdict: Verdict;
  /** Why it changes nothing, if it is in the list. */
  equivalent: string | undefined;
}

export interface Sums {
  mutants: number;
  killed: number;
  equivalent: number;
  lived: number;
  /** Of those that are not equivalent; 1 for none. */
  share: number;
}

export function sumUp(judged: readonly Judged[]): Sums {
  const equivalent = judged.filter((one) => one.equivalent !== undefined).length;
  const killed = judged.filter((one) => one.equivalent === undefined && one.verdict.result === 'killed').length;
  const real = judged.length - equivalent;
  return { mutants: judged.length, killed, equivalent, lived: real - killed, share: real === 0 ? 1 : killed / real };
}

/** A line. */
export function renderJudged({ mutant, verdict, equivalent }: Judged): string {
  const { file, line, kind, source, change } = mutant;
  const what = `${file}:${line}  ${kind}: ${source}  →  ${change}`;
  if (equivalent !== undefined) return `equivalent  ${what}\n            ${equivalent}`;
  if (verdict.result === 'killed') return `killed      ${what}\n            by ${verdict.test}: ${verdict.how}`;
  return `LIVED       ${what}\n            ${renderReach(verdict)}; key: ${mutant.key}`;
}

function renderReach(verdict: Exclude<Verdict, { result: 'killed' }>): string {
  if (verdict.result === 'unreached') return 'no test reaches it';
  const more = verdict.notRun === 0 ? '' : `, ${verdict.notRun} slower ones not tried`;
  return `${verdict.testFiles} test files reach it and pass${more}`;
}

export function renderSums({ mutants, killed, equivalent, lived, share }: Sums): string {
  const percent = (100 * share).toFixed(1);
  return `${mutants} mutants: ${killed} killed, ${equivalent} equivalent, ${lived} lived; ${percent} % of those that are not equivalent are killed (goal: ${100 * GOAL} %)`;
}

export interface SavedRun {
  judged: readonly Judged[];
  /** Test files that fail in a copy. */
  unused: readonly string[];
  /** Of all src/. */
  total: number;
  seed: number;
  heavy: boolean;
  date: string;
}

/** Replaces what is between the markers of docs/mutants.md. */
export function renderDocument(text: string, run: SavedRun): string {
  const sections = {
    figures: renderFigures(run),
    lived: renderLived(run.judged),
    equivalent: renderEquivalents(run.judged),
  };
  return Object.entries(sections).reduce((document, [name, content]) => {
    const [start, end] = [`<!-- ${name}:start -->\n`, `\n<!-- ${name}:end -->`];
    const [before, rest] = [document.indexOf(start), document.indexOf(end)];
    if (before < 0 || rest < 0) throw new Error(`docs/mutants.md lacks the markers of "${name}"`);
    return `${document.slice(0, before + start.length)}${content}${document.slice(rest)}`;
  }, text);
}

/** Mutants that live may be known to these. */
export function renderUnused(unused: readonly string[]): string {
  return `Without these test files, which fail in a copy: ${unused.join(', ')}.`;
}

function renderFigures({ judged, unused, total, seed, heavy, date }: SavedRun): string {
  const rows = KINDS.map((kind) => ({ kind, ...sumUp(judged.filter(({ mutant }) => mutant.kind === kind)) }));
  const cells = [...rows, { kind: '**all**', ...sumUp(judged) }].filter(({ mutants }) => mutants > 0);
  return [
    `${date}, seed ${seed}, ${judged.length} of ${total} mutants, by the tests of \`npm test\`${heavy ? ' and `npm run test:heavy`' : ''}:`,
    '',
    '| kind | tried | killed | equivalent | lived | killed of those that are not equivalent |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...cells.map(
      ({ kind, mutants, killed, equivalent, lived, share }) =>
        `| ${kind} | ${mutants} | ${killed} | ${equivalent} | ${lived} | ${(100 * share).toFixed(1)} % |`,
    ),
    ...(unused.length === 0 ? [] : ['', renderUnused(unused)]),
  ].join('\n');
}

function renderLived(judged: readonly Judged[]): string {
  const lived = judged.filter(({ verdict, equivalent }) => equivalent === undefined && verdict.result !== 'killed');
  if (lived.length === 0) return 'None.';
  return lived
    .map(({ mutant, verdict }) => {
      const reach = verdict.result === 'killed' ? '' : renderReach(verdict);
      return `- \`${mutant.file}\`${inFunction(mutant)}: ${renderChange(mutant)}; ${reach}.`;
    })
    .join('\n');
}

function renderEquivalents(judged: readonly Judged[]): string {
  const equivalent = judged.filter((one) => one.equivalent !== undefined);
  if (equivalent.length === 0) return 'None.';
  return equivalent
    .map((one) => `- \`${one.mutant.file}\`${inFunction(one.mutant)}: ${renderChange(one.mutant)}. ${one.equivalent}`)
    .join('\n');
}

function inFunction({ within }: Mutant): string {
  return within === '' ? '' : ` (\`${within}\`)`;
}

/** A code span may hold backticks when its own fence is longer. */
function renderChange({ kind, source, change }: Mutant): string {
  return `${kind}, \`\` ${source} \`\` → ${change}`;
}
