/**
 * Writes the tables of inputs and outputs from each action.yml into the README beside it, and those of the deploy action
 * into docs/inputs.md and docs/outputs.md: `node scripts/readme-tables.ts`, or `--check` to fail when a page is out of date.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

interface Field {
  description?: string;
  required?: boolean;
  default?: unknown;
}

interface ActionFile {
  inputs?: Record<string, Field>;
  outputs?: Record<string, Field>;
}

const KINDS = ['inputs', 'outputs'] as const;
type Kind = (typeof KINDS)[number];

/** The page with the tables of these kinds between their markers. Throws when a marker is missing. */
export function withTables(page: string, actionYaml: string, kinds: readonly Kind[] = KINDS): string {
  const action = parse(actionYaml) as ActionFile;
  const tables = { inputs: renderInputs(action.inputs ?? {}), outputs: renderOutputs(action.outputs ?? {}) };
  return kinds.reduce((text, kind) => replaceBetween(text, kind, tables[kind]), page);
}

function renderInputs(inputs: Record<string, Field>): string {
  const rows = Object.entries(inputs).map(([name, { default: value, description, required }]) => {
    const note = required === true && value === undefined ? 'required' : '';
    return [`\`${name}\``, value === undefined || value === '' ? note : code(String(value)), description ?? ''];
  });
  return renderTable(['input', 'default', 'meaning'], rows);
}

function renderOutputs(outputs: Record<string, Field>): string {
  const rows = Object.entries(outputs).map(([name, { description }]) => [`\`${name}\``, description ?? '']);
  return renderTable(['output', 'meaning'], rows);
}

function renderTable(head: string[], rows: string[][]): string {
  if (rows.length === 0) return 'None.';
  const lines = [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** A pipe would start a new cell, even inside of code; a line break would end the row. */
function cell(text: string): string {
  return text
    .trim()
    .replace(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|');
}

function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

export function replaceBetween(page: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const from = page.indexOf(start);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the markers ${start} and ${end} are missing`);
  return `${page.slice(0, from + start.length)}\n${content}\n${page.slice(to)}`;
}

interface Page {
  /** Its path below the repository's folder. */
  path: string;
  actionFile: string;
  kinds: readonly Kind[];
}

/** The deploy action's tables are too long for the README of the repository. */
const ROOT_PAGES: readonly Page[] = KINDS.map((kind) => ({
  path: `docs/${kind}.md`,
  actionFile: 'action.yml',
  kinds: [kind],
}));

function listPages(root: string): Page[] {
  const entries = readdirSync(root, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && entry.name !== 'node_modules');
  const names = folders.map(({ name }) => name).filter((name) => existsSync(join(root, name, 'action.yml')));
  const readmes = names.map((name) => ({
    path: `${name}/README.md`,
    actionFile: `${name}/action.yml`,
    kinds: KINDS,
  }));
  return [...ROOT_PAGES, ...readmes];
}

/** Brings the pages under `root` up to date, or with `checkOnly` reports what is outdated. */
export function updatePages(root: string, checkOnly: boolean): string[] {
  return listPages(root).flatMap(({ path, actionFile, kinds }) => {
    const file = join(root, path);
    if (!existsSync(file)) return [`${path} is missing`];
    const page = readFileSync(file, 'utf8');
    try {
      const fresh = withTables(page, readFileSync(join(root, actionFile), 'utf8'), kinds);
      if (fresh === page) return [];
      if (checkOnly) return [`${path} does not match ${actionFile}`];
      writeFileSync(file, fresh);
      return [];
    } catch (error) {
      return [`${path}: ${error instanceof Error ? error.message : error}`];
    }
  });
}

if (import.meta.main) {
  const checkOnly = process.argv.includes('--check');
  const problems = updatePages(fileURLToPath(new URL('..', import.meta.url)), checkOnly);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) console.error('Fix it with: npm run readme');
  else console.log('Every table matches its action.yml');
  process.exitCode = problems.length > 0 ? 1 : 0;
}
