/** What `npm run check:workflows` reads: workflows, examples, `action.yml` files, and the whole workflows in Markdown. */
import { globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

export interface CheckedFile {
  /** Its path in the repository, with `/`; for a workflow in Markdown that of the Markdown file. */
  source: string;
  /** Its path for a tool: as `source`, or a name of its own for a workflow in Markdown. */
  path: string;
  /** For a workflow in Markdown with empty lines before it, so that lines have the numbers of the Markdown file. */
  text: string;
}

const FILES = ['.github/workflows/*.yml', '.github/dependabot.yml', 'examples/*.yml', 'action.yml', '*/action.yml'];
const MARKDOWN = ['*.md', '*/*.md'];

/** @param root the repository's folder */
export function collectFiles(root: string): CheckedFile[] {
  const files = find(root, FILES).map((source) => ({ source, path: source, text: read(root, source) }));
  return [...files, ...find(root, MARKDOWN).flatMap((source) => workflowsIn(source, read(root, source)))];
}

/**
 * Blocks of YAML that are a workflow: they have `on` and `jobs`, and no ellipsis.
 * @param source path of the Markdown file
 */
export function workflowsIn(source: string, markdown: string): CheckedFile[] {
  return [...markdown.matchAll(/^```yaml\n(.*?)^```/gms)].flatMap(({ 1: block = '', index }) => {
    if (!/^on:/m.test(block) || !/^jobs:/m.test(block) || block.includes('# …')) return [];
    const linesBefore = markdown.slice(0, index).split('\n').length;
    return [{ source, path: `${source}-${linesBefore + 1}.yml`, text: '\n'.repeat(linesBefore) + block }];
  });
}

export interface Stage {
  /** The repository's folder. */
  root: string;
  /** A new one, for copies of the files. */
  folder: string;
}

/** Copies the files into a folder that tools take for the repository, with what the `action.yml` files start. */
export function stageFiles(files: readonly CheckedFile[], { root, folder }: Stage): void {
  mkdirSync(join(folder, '.git'), { recursive: true });
  symlinkSync(join(root, 'dist'), join(folder, 'dist'), 'junction');
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** The version's tag instead of a commit: actionlint knows the inputs of popular actions by their major version. */
export function withTags(text: string): string {
  return text.replace(/@[0-9a-f]{40} # (v\d+)\.[\d.]+/g, '@$1');
}

export const isAction = ({ path }: CheckedFile): boolean => /(?:^|\/)action\.yml$/.test(path);

export const isWorkflow = (file: CheckedFile): boolean => !isAction(file) && !file.path.endsWith('dependabot.yml');

function find(root: string, patterns: readonly string[]): string[] {
  return globSync(patterns, { cwd: root })
    .map((path) => path.split(sep).join('/'))
    .sort();
}

function read(root: string, path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
