/**
 * Writes the tables of inputs and outputs into each README from the action.yml beside it:
 * `node scripts/readme-tables.ts`, or `--check` to fail when a README is out of date.
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

/** The README with both tables between their markers. Throws when a marker is missing. */
export function withTables(readme: string, actionYaml: string): string {
  const action = parse(actionYaml) as ActionFile;
  const inputs = renderInputs(action.inputs ?? {});
  return replaceBetween(replaceBetween(readme, 'inputs', inputs), 'outputs', renderOutputs(action.outputs ?? {}));
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

export function replaceBetween(readme: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const from = readme.indexOf(start);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the markers ${start} and ${end} are missing`);
  return `${readme.slice(0, from + start.length)}\n${content}\n${readme.slice(to)}`;
}

/** The root and each folder in it that has an action.yml. */
function actionFolders(root: string): string[] {
  const entries = readdirSync(root, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && entry.name !== 'node_modules');
  return ['.', ...folders.map((entry) => entry.name)].filter((name) => existsSync(join(root, name, 'action.yml')));
}

/** Brings the READMEs under `root` up to date, or with `checkOnly` reports what is outdated. */
export function updateReadmes(root: string, checkOnly: boolean): string[] {
  return actionFolders(root).flatMap((folder) => {
    const path = join(root, folder, 'README.md');
    const name = folder === '.' ? 'README.md' : `${folder}/README.md`;
    if (!existsSync(path)) return [`${name} is missing`];
    const readme = readFileSync(path, 'utf8');
    try {
      const fresh = withTables(readme, readFileSync(join(root, folder, 'action.yml'), 'utf8'));
      if (fresh === readme) return [];
      if (checkOnly) return [`${name} does not match action.yml`];
      writeFileSync(path, fresh);
      return [];
    } catch (error) {
      return [`${name}: ${error instanceof Error ? error.message : error}`];
    }
  });
}

if (import.meta.main) {
  const checkOnly = process.argv.includes('--check');
  const problems = updateReadmes(fileURLToPath(new URL('..', import.meta.url)), checkOnly);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) console.error('Fix it with: npm run readme');
  else console.log('Every README matches its action.yml');
  process.exitCode = problems.length > 0 ? 1 : 0;
}
