import { type AnyNode, type Expression, parse } from 'acorn';

// Jest has a `node:module` of its own, without this function.
const { stripTypeScriptTypes } = process.getBuiltinModule('node:module');

/** What may follow `test.`: with `skip`, `todo` or `failing` it does not run, or is meant to fail. */
const RUN: readonly (string | undefined)[] = [undefined, 'each', 'concurrent', 'only'];

/**
 * The names of the tests that a test file holds, as they are written: `a status of %i` for a `test.each`. Those of
 * `describe` are none, and neither is a test that is skipped, by itself or with its group. An alias, such as `const onLinux = … ? test : test.skip`,
 * is a test; so is one that `systems.ts` exports.
 */
export function testNames(code: string): string[] {
  const found: Found = { words: new Set(['test', 'it']), names: [] };
  visit(parse(stripTypeScriptTypes(code), { ecmaVersion: 'latest', sourceType: 'module' }), found);
  return found.names;
}

interface Found {
  /** What a test is called by. */
  words: Set<string>;
  names: string[];
}

function visit(node: AnyNode, found: Found): void {
  if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && isTestOrSkip(node.init)) {
    found.words.add(node.id.name);
  }
  if (node.type === 'ImportDeclaration' && String(node.source.value).endsWith('/systems.ts')) {
    for (const { local } of node.specifiers) found.words.add(local.name);
  }
  if (node.type === 'CallExpression') {
    const [word = '', member, ...others] = calleePath(node.callee);
    if (word === 'describe' && !RUN.includes(member)) return;
    const [first, ...rest] = node.arguments;
    const isFunction = rest.some(({ type }) => type === 'ArrowFunctionExpression' || type === 'FunctionExpression');
    const name = first === undefined || first.type === 'SpreadElement' ? undefined : textOf(first);
    const isTest = found.words.has(word) && RUN.includes(member) && others.length === 0;
    if (isTest && isFunction && name !== undefined) found.names.push(name);
  }
  for (const value of Object.values(node)) for (const child of [value].flat()) if (isNode(child)) visit(child, found);
}

function isTestOrSkip(init: AnyNode | null | undefined): boolean {
  if (init?.type !== 'ConditionalExpression') return false;
  return [init.consequent, init.alternate].every((branch) => calleePath(branch)[0] === 'test');
}

/** `test.each(…)(…)` is `['test', 'each']`. */
function calleePath(callee: AnyNode): string[] {
  if (callee.type === 'Identifier') return [callee.name];
  if (callee.type === 'CallExpression') return calleePath(callee.callee);
  if (callee.type === 'TaggedTemplateExpression') return calleePath(callee.tag);
  if (callee.type !== 'MemberExpression') return [];
  return [...calleePath(callee.object), ...(callee.property.type === 'Identifier' ? [callee.property.name] : [])];
}

function textOf(node: Expression): string | undefined {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0) {
    return node.quasis[0]?.value.cooked ?? undefined;
  }
  return undefined;
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
