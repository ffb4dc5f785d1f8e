/** Lets V8 read each module of a bundle once instead of twice. */
import { type AnyNode, type Property, parse } from 'acorn';

interface Range {
  start: number;
  end: number;
}

/**
 * Puts the functions of a bundle's modules (`{123:(e,t,n)=>{…}}`, as webpack writes them) in parentheses. V8 takes that
 * as a sign that a function is called soon, and compiles it at once. Without it, V8 skims a module when it reads the
 * file, and reads it again when the module is called.
 */
export function withEagerModules(code: string): string {
  const ranges = moduleFunctions(parse(code, { ecmaVersion: 'latest', sourceType: 'module' }));
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of ranges) {
    parts.push(code.slice(from, start), '(', code.slice(start, end), ')');
    from = end;
  }
  return parts.join('') + code.slice(from);
}

/** In the order of the code; nothing within a module is one. */
function moduleFunctions(node: unknown): Range[] {
  if (typeof node !== 'object' || node === null) return [];
  return ('type' in node ? modulesOf(node as AnyNode) : undefined) ?? Object.values(node).flatMap(moduleFunctions);
}

/** Undefined where the node is no table of modules. */
function modulesOf(node: AnyNode): Range[] | undefined {
  if (node.type !== 'ObjectExpression' || node.properties.length === 0) return undefined;
  const modules = node.properties.filter((property) => property.type === 'Property').filter(isModule);
  return modules.length === node.properties.length ? modules.map(({ value }) => value) : undefined;
}

function isModule({ key, value, method }: Property): boolean {
  const isFunction = value.type === 'ArrowFunctionExpression' || value.type === 'FunctionExpression';
  return isFunction && !method && key.type === 'Literal' && typeof key.value === 'number';
}
