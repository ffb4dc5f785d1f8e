import { existsSync, readFileSync } from 'node:fs';
import { COLUMNS } from './columns.ts';
import { FINDINGS } from './findings.ts';
import { type Cell, NO_TEST, ROWS } from './matrix.ts';
import { NOT_CALLED } from './not-called.ts';
import type { CellResult } from './run-matrix.ts';
import type { Row } from './scenario.ts';
import type { CutsResult } from './stream-cuts.ts';

export const DOCUMENT = 'docs/reliability.md';

const GROUPS = [...new Set(COLUMNS.map(({ group }) => group))];

/** By the end of a run; of others that are red the outcome stands in the cell. */
const MARKS: ReadonlyMap<string, string> = new Map([
  ['same', '✓'],
  ['warned', '!'],
  ['red: error', 'E'],
  ['red: unknown', '?'],
  ['red: partial', 'P'],
  ['red: conflict', 'C'],
  ['red: deployed', 'L'],
  ['not run', '·'],
]);

const LEGEND = `✓ as without the fault; ! the same, with a warning; red with the outcome E \`error\`, ? \`unknown\`, P \`partial\`,
C \`conflict\`, L \`deployed\` (the storefront is live, and its site URL was not updated); another word: green with that outcome; – no
test; · not run. Several marks: cells of the group differ, above all by whether the fault hits one try or each.`;

export interface Report {
  cells: readonly Cell[];
  results: ReadonlyMap<string, CellResult>;
  cuts: CutsResult | undefined;
  date: string;
}

export function renderReport({ cells, results, cuts, date }: Report): string {
  const run = cells.flatMap(({ name }) => results.get(name) ?? []);
  const failed = run.filter(({ problems }) => problems.length > 0);
  const seconds = run.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
  return `# Reliability

Every call of every action × every fault: ${run.length} of ${cells.length} cells were run on ${date}. Each is a whole process of the committed
\`dist/\`, as a runner starts it, on an embedded platform of its own; together they took ${Math.round(seconds / 60)} minutes, most of it waiting. ${failed.length === 0 ? 'Each ended as it must' : `${failed.length} did not end as they must`}:
in time; with the outcome and exit code that the [API document](api.md) leads one to expect (\`scripts/faults/scenarios/\` has the rules);
a red run with one error that names the call and an advice; no secret in what is readable afterwards, or in a request to another host;
no temporary file; no GitHub deployment, comment or check run left open, once the \`post\` step had its turn; nothing made twice.

\`npm run faults -- --save\` writes this page, \`npm run faults -- --only "deploy to production/sign"\` runs a few cells, \`--sample 50\`
some at random. A call joins by a line of a scenario, a fault by one of \`scripts/faults/columns.ts\`.

## The matrix

${LEGEND}

${renderTable(cells, results)}

Faults: ${GROUPS.map((group) => `**${group}**: ${describeGroup(group)}`).join('; ')}.

## What is no test

${[...new Set(Object.values(NO_TEST))].map((reason) => `- ${capitalize(reason)}.`).join('\n')}
${Object.entries(Object.groupBy(Object.entries(NOT_CALLED), ([, reason]) => reason))
  .map(([reason, calls = []]) => `- ${calls.map(([call]) => `\`${call}\``).join(', ')}: ${reason}.`)
  .join('\n')}
- Pages of the storefront itself, which verification asks for: they are no API (\`__tests__/action/verify*.test.ts\`).

## Event streams, cut at each byte

${cuts === undefined ? 'Not run.' : renderCuts(cuts)}

## What was found

${FINDINGS.map((finding) => `- ${finding}`).join('\n')}
${failed.map(({ name, problems }) => `- **Open**: ${name}: ${problems[0]?.slice(0, 200)}`).join('\n')}
`.replace(/\n{3,}/g, '\n\n');
}

function renderTable(cells: readonly Cell[], results: Report['results']): string {
  const byRow = Map.groupBy(cells, ({ row }) => row);
  const lines = ROWS.map((row) => {
    const own = byRow.get(row) ?? [];
    const marks = GROUPS.map((group) => {
      const ends = own
        .filter(({ column }) => column.group === group)
        .map(({ name }) => results.get(name)?.end ?? 'not run');
      return ends.length === 0 ? '–' : [...new Set(ends.map(markOf))].toSorted(byMark).join(' ');
    });
    return `| ${headOf(row)} | ${marks.join(' | ')} |`;
  });
  return [`| | ${GROUPS.join(' | ')} |`, `| --- |${' --- |'.repeat(GROUPS.length)}`, ...lines].join('\n');
}

const ORDER = [...MARKS.values()];

function byMark(one: string, other: string): number {
  return ORDER.indexOf(one) - ORDER.indexOf(other);
}

function markOf(end: string): string {
  return MARKS.get(end) ?? end.replace(/^(red|green): /, '');
}

function headOf({ scenario, call }: Row): string {
  return `${scenario.name}: \`${call}\``;
}

function describeGroup(group: string): string {
  const names = COLUMNS.filter((column) => column.group === group).map(({ name }) => name.replace(/ always$/, ''));
  const all = [...new Set(names)];
  if (group === 'unassigned') return `the ${all.length} numbers from 400 to 511 that no document gives a meaning`;
  return all.join(', ');
}

function renderCuts({ streams, problems, durationMs }: CutsResult): string {
  const cuts = streams.reduce((sum, one) => sum + one.cuts, 0);
  const kinds = streams.map(({ name, bytes }) => `${name} (${bytes} bytes)`).join('; ');
  return `Recorded streams: ${kinds}. Each was cut after 0, 1, 2, … bytes, by an orderly end and by a broken connection: ${cuts} times in
${Math.round(durationMs / 1000)} s, read by the real clients over real sockets (in one process: as processes, they would take hours). ${problems.length === 0 ? 'None gave a verdict that was not in it, lost one that was, or took half an event for one.' : `${problems.length} went wrong: ${problems.slice(0, 3).join('; ')}.`}`;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Whether the table in the document has the rows and columns of the code. @returns what is wrong */
export function checkDocument(path: string = DOCUMENT): string[] {
  if (!existsSync(path)) return [`${path} is missing: run npm run faults -- --save`];
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '));
  const expected = renderTable([], new Map())
    .split('\n')
    .filter((line) => line.startsWith('| '));
  const [head, ...rows] = lines.map((line, index) => (index === 0 ? line : (line.split(' | ')[0] ?? '')));
  const [expectedHead, ...expectedRows] = expected.map((line, index) =>
    index === 0 ? line : (line.split(' | ')[0] ?? ''),
  );
  const stale = 'run npm run faults -- --save';
  return [
    ...(head === expectedHead ? [] : [`The columns in ${path} are not those of the code: ${stale}`]),
    ...expectedRows.filter((row) => !rows.includes(row)).map((row) => `${path} has no row "${row.slice(2)}": ${stale}`),
    ...rows
      .filter((row) => !expectedRows.includes(row))
      .map((row) => `${path} has a row "${row.slice(2)}" too many: ${stale}`),
  ];
}
