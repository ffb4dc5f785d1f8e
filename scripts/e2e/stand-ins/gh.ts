/**
 * GitHub's command line, as far as workflows here use it: `gh api` against the embedded platform, with jq for its
 * filters, and what the platform does not have, in a file: labels, issues, a repository's variables and secrets.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

interface Issue {
  number: number;
  state: 'open' | 'closed';
  title: string;
  body: string;
  labels: string[];
}

interface State {
  labels: string[];
  issues: Issue[];
  variables: Record<string, string>;
  secrets: Record<string, string>;
}

const text = { type: 'string' } as const;
const OPTIONS: Readonly<Record<string, ParseArgsOptionsConfig>> = {
  api: { method: text, field: { ...text, short: 'f', multiple: true }, jq: text },
  'label create': { force: { type: 'boolean' }, color: text, description: text },
  'issue create': { title: text, label: text, body: text },
  'issue edit': { body: text },
  'variable set': { body: { ...text, short: 'b' } },
  'secret set': { body: { ...text, short: 'b' } },
};

type Values = Readonly<Record<string, string | undefined>>;

const [, , ...words] = process.argv;
const command = words.splice(0, words[0] === 'api' ? 1 : 2).join(' ');
const options = OPTIONS[command];
if (options === undefined) throw new Error(`the stand-in for gh does not know: gh ${command}`);
// On a machine of one's own, `gh auth login` gives it.
if (!readVariable('GH_TOKEN')) throw new Error('gh: to use it in a workflow, set GH_TOKEN');
const { values, positionals } = parseArgs({ args: words, options, allowPositionals: true });
const [target = ''] = positionals;

if (command === 'api') {
  const { field = [], jq } = values as { field?: string[]; jq?: string };
  const body = await callApi(target, field);
  process.stdout.write(jq === undefined ? body : execFileSync('jq', ['-r', jq], { input: body }));
} else {
  writeState(changed(readState(), values as Values));
}

async function callApi(path: string, fields: readonly string[]): Promise<Buffer> {
  const repository = readVariable('GITHUB_REPOSITORY');
  if (path === `repos/${repository}/issues`) return Buffer.from(JSON.stringify(listIssues(fields)));
  const query = new URLSearchParams(fields.map(splitField));
  const url = `${readVariable('GITHUB_API_URL')}/${path}${fields.length > 0 ? `?${query}` : ''}`;
  const headers = { authorization: `Bearer ${readVariable('GH_TOKEN')}` };
  const first = await fetch(url, { headers, redirect: 'manual' });
  // The store of artifacts is another host on GitHub, and gets no token.
  const location = first.headers.get('location');
  const answer = location === null ? first : await fetch(location);
  if (!answer.ok) throw new Error(`gh: HTTP ${answer.status} (${path}): ${await answer.text()}`);
  return Buffer.from(await answer.arrayBuffer());
}

function listIssues(fields: readonly string[]): Issue[] {
  const wanted = new Map(fields.map(splitField));
  return readState().issues.filter(
    ({ state, labels }) => state === wanted.get('state') && labels.includes(wanted.get('labels') ?? ''),
  );
}

function splitField(field: string): [name: string, value: string] {
  const at = field.indexOf('=');
  return [field.slice(0, at), field.slice(at + 1)];
}

function changed(state: State, { title = '', label = '', body = '' }: Values): State {
  if (command === 'variable set') return { ...state, variables: { ...state.variables, [target]: body || askValue() } };
  if (command === 'secret set') return { ...state, secrets: { ...state.secrets, [target]: body || askValue() } };
  if (command === 'label create') return { ...state, labels: [...new Set([...state.labels, target])] };
  if (command === 'issue edit') {
    if (!state.issues.some(({ number }) => String(number) === target)) throw new Error(`gh: no issue ${target}`);
    return { ...state, issues: state.issues.map((one) => (String(one.number) === target ? { ...one, body } : one)) };
  }
  if (!state.labels.includes(label)) throw new Error(`gh: could not add label: '${label}' not found`);
  const number = 100 + state.issues.length;
  return { ...state, issues: [...state.issues, { number, state: 'open', title, body, labels: [label] }] };
}

/** Without a terminal, gh reads the value from its standard input. */
function askValue(): string {
  return readFileSync(0, 'utf8').trimEnd();
}

function readState(): State {
  const path = readVariable('E2E_GH_STATE');
  const empty: State = { labels: [], issues: [], variables: {}, secrets: {} };
  return existsSync(path) ? { ...empty, ...JSON.parse(readFileSync(path, 'utf8')) } : empty;
}

function writeState(state: State): void {
  writeFileSync(readVariable('E2E_GH_STATE'), JSON.stringify(state));
}

function readVariable(name: string): string {
  return process.env[name] ?? '';
}
