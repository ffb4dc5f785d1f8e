/**
 * Lists the regular expressions of src/, as parsed by TypeScript, so that a test can check that all of them take linear
 * time (__tests__/scripts/linear-expressions.heavy.test.ts).
 */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  isCallExpression,
  isIdentifier,
  isNewExpression,
  isRegularExpressionLiteral,
} from 'typescript/unstable/ast/is';
import { API } from 'typescript/unstable/sync';

type SyntaxTree = Parameters<typeof isCallExpression>[0];

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export interface FoundExpressions {
  /** As written, `/a+/g`, each with the files that contain it. */
  literals: Map<string, string[]>;
  /** Files with a `RegExp(…)`, once per occurrence. */
  constructing: string[];
}

/** Paths of files are relative to the root, with `/`. */
export function findExpressions(): FoundExpressions {
  const found: FoundExpressions = { literals: new Map(), constructing: [] };
  const api = new API({ cwd: ROOT });
  try {
    const [project] = api.updateSnapshot({ openProjects: [`${ROOT}tsconfig.json`] }).getProjects();
    if (project === undefined) throw new Error('TypeScript finds no project');
    for (const name of project.program.getSourceFileNames()) {
      const file = relative(ROOT, name).replaceAll('\\', '/');
      if (file.startsWith('src/')) visit(project.program.getSourceFile(name), file, found);
    }
  } finally {
    api.close();
  }
  return found;
}

function visit(node: SyntaxTree | undefined, file: string, found: FoundExpressions): void {
  if (node === undefined) return;
  if (isRegularExpressionLiteral(node)) found.literals.set(node.text, [...(found.literals.get(node.text) ?? []), file]);
  const isMaking = isNewExpression(node) || isCallExpression(node);
  if (isMaking && isIdentifier(node.expression) && node.expression.text === 'RegExp') found.constructing.push(file);
  node.forEachChild((child) => {
    visit(child, file, found);
  });
}
