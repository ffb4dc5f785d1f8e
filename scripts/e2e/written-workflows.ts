/** The workflows that people copy: the files of examples/, and those in READMEs. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** Path of a file of examples/. */
export function examplePath(name: string): string {
  return join(REPOSITORY, 'examples', name);
}

function listExamples(): string[] {
  return readdirSync(join(REPOSITORY, 'examples'))
    .filter((name) => name.endsWith('.yml'))
    .sort();
}

/** Pages in which workflows stand: READMEs, the root's and each action's, and those of docs/. */
export function listPages(): string[] {
  const folders = readdirSync(REPOSITORY, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const actions = folders.map(({ name }) => name).filter((name) => existsSync(join(REPOSITORY, name, 'action.yml')));
  const docs = readdirSync(join(REPOSITORY, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', ...actions.map((name) => `${name}/README.md`), ...docs.map((name) => `docs/${name}`)];
}

/**
 * A workflow of a Markdown file, the first one unless another position is given.
 * @param file path in the repository
 * @throws Error where there is none
 */
export function readMarkdownWorkflow(file: string, position = 1): string {
  const workflow = findWorkflows(readFileSync(join(REPOSITORY, file), 'utf8'))[position - 1];
  if (workflow === undefined) throw new Error(`${file} has no workflow number ${position}`);
  return workflow;
}

/** The blocks of YAML that are whole workflows. */
export function findWorkflows(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);
  return blocks.filter((text) => /^on:/m.test(text) && /^jobs:/m.test(text));
}

/** All there are, by the names that cases give what they cover: `rollback.yml`, `rollback/README.md#2`. */
export function listWrittenWorkflows(): string[] {
  const inPages = listPages().flatMap((file) =>
    findWorkflows(readFileSync(join(REPOSITORY, file), 'utf8')).map((_, index) =>
      index === 0 ? file : `${file}#${index + 1}`,
    ),
  );
  return [...listExamples(), ...inPages];
}
