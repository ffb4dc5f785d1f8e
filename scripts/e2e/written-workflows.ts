/** The workflows that people copy: the files of examples/, and the first one of README.md. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** Path of a file of examples/. */
export function examplePath(name: string): string {
  return join(REPOSITORY, 'examples', name);
}

export function listExamples(): string[] {
  return readdirSync(join(REPOSITORY, 'examples'))
    .filter((name) => name.endsWith('.yml'))
    .sort();
}

/**
 * The first whole workflow of a Markdown file.
 * @param file path in the repository
 * @throws Error where there is none
 */
export function readMarkdownWorkflow(file: string): string {
  return findWorkflow(readFileSync(join(REPOSITORY, file), 'utf8'), file);
}

/** The first block of YAML that has jobs. */
export function findWorkflow(markdown: string, file: string): string {
  const blocks = [...markdown.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);
  const workflow = blocks.find((text) => /^on:/m.test(text) && /^jobs:/m.test(text));
  if (workflow === undefined) throw new Error(`${file} has no workflow`);
  return workflow;
}
