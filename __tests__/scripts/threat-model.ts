/** Reads docs/threat-model.md: tables of two columns, of which the last one has links to tests, their names as texts. */

export interface NamedTest {
  /** As in the link: relative to docs/. */
  path: string;
  name: string;
}

export interface ThreatLine {
  heading: string;
  text: string;
  tests: NamedTest[];
  /** Why there is no test. */
  reason: string | undefined;
}

export function readLines(markdown: string): ThreatLine[] {
  const lines: ThreatLine[] = [];
  let heading = '';
  let isTable = false;
  for (const line of markdown.split(/\r?\n/)) {
    heading = /^#+ (.*)$/.exec(line)?.[1] ?? heading;
    const [, text = '', tests = ''] = /^\| (.*) \| (.*) \|$/.exec(line) ?? [];
    // What is above the rule are the names of the columns.
    if (isTable && text !== '') lines.push({ heading, text, ...readTests(tests) });
    isTable = line.startsWith('| --- ') || (isTable && text !== '');
  }
  return lines;
}

function readTests(cell: string): Pick<ThreatLine, 'tests' | 'reason'> {
  const links = cell.matchAll(/\[((?:\\.|[^\\\]])*)\]\((\.\.\/__tests__\/[^)]*)\)/g);
  const tests = [...links].map(([, name = '', path = '']) => ({ path, name: name.replace(/\\(.)/g, '$1') }));
  return { tests, reason: /^no test: (.+)$/.exec(cell)?.[1] };
}
