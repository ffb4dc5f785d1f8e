/**
 * The kinds of mutants: each operator gives a node's text with its mutants in it, or undefined where it has none. `$m` is
 * the switch (switch.ts), `$t` a variable that is read at once after it was written.
 */
import type { AnyNode } from 'acorn';
import type { Kind } from './mutant.ts';

/** What an operator sees of a node. */
export interface Site {
  node: AnyNode;
  parent: AnyNode | undefined;
  /** In a `try` of its own function. */
  isTried: boolean;
  /** The node's text as it is, without types. */
  source: string;
  /** The node's text with the mutants that are in it. */
  inner: string;
  /** A child's text with the mutants that are in it. */
  child: (node: AnyNode) => string;
  /** Registers a mutant, and gives its number. */
  add: (kind: Kind, change: string, shown?: string) => number;
}

type Operator = (site: Site) => string | undefined;

/** The operator in its place, and what it becomes. */
const COMPARISONS: ReadonlyMap<string, readonly string[]> = new Map([
  ['===', ['!==']],
  ['!==', ['===']],
  ['<', ['<=', '>=']],
  ['<=', ['<', '>']],
  ['>', ['>=', '<=']],
  ['>=', ['>', '<']],
]);
const ARITHMETIC: ReadonlyMap<string, string> = new Map([
  ['+', '-'],
  ['-', '+'],
  ['*', '/'],
  ['/', '*'],
  ['%', '*'],
  ['**', '*'],
]);

const LARGE = 1000;

const EMPTIED_IN: ReadonlySet<string> = new Set([
  'IfStatement',
  'ForStatement',
  'ForOfStatement',
  'ForInStatement',
  'TryStatement',
  'CatchClause',
]);

/** `if (x)` to `if (!x)`; a comparison has mutants of its own. */
const negateCondition: Operator = ({ node, parent, inner, add }) => {
  if (parent === undefined || !isTest(node, parent) || isComparison(node)) return undefined;
  return `($m.on(${add('condition', 'negated')}) !== !!(${inner}))`;
};

/** `return !x` to `return x`. */
const dropNegation: Operator = ({ node, parent, inner, child, add }) => {
  if (node.type !== 'UnaryExpression' || node.operator !== '!') return undefined;
  if (parent !== undefined && isTest(node, parent)) return inner;
  return `($m.on(${add('condition', 'negated')}) !== !(${child(node.argument)}))`;
};

const changeBinary: Operator = ({ node, child, add }) => {
  if (node.type !== 'BinaryExpression' || node.left.type === 'PrivateIdentifier') return undefined;
  const { operator } = node;
  const operands = `(${child(node.left)}), (${child(node.right)})`;
  const others = COMPARISONS.get(operator);
  if (others !== undefined) {
    const ids = others.map((other) => add('comparison', other));
    return `$m.compare[${JSON.stringify(operator)}](${operands}, ${ids.join(', ')})`;
  }
  const other = ARITHMETIC.get(operator);
  if (other === undefined || isText(node.left) || isText(node.right)) return undefined;
  return `$m.calculate[${JSON.stringify(operator)}](${operands}, ${add('arithmetic', other)})`;
};

const changeLogical: Operator = ({ node, child, add }) => {
  if (node.type !== 'LogicalExpression') return undefined;
  const left = `($t = (${child(node.left)}))`;
  const right = `(${child(node.right)})`;
  if (node.operator === '??') return `(${left} ?? ($m.on(${add('logical', 'without ?? …')}) ? $t : ${right}))`;
  if (node.operator === '&&') return `($m.on(${add('logical', '||')}) !== !!${left} ? ${right} : $t)`;
  return `($m.on(${add('logical', '&&')}) !== !!${left} ? $t : ${right})`;
};

/** Outside of a `try`, `return await x` is `return x` for everyone but the stack. */
const dropAwait: Operator = ({ node, parent, isTried, child, add }) => {
  if (node.type !== 'AwaitExpression') return undefined;
  const isReturned = parent?.type === 'ReturnStatement' || parent?.type === 'ArrowFunctionExpression';
  if (isReturned && !isTried) return undefined;
  return `(($t = (${child(node.argument)})), $m.on(${add('await', 'not awaited')}) ? $t : await $t)`;
};

/** A call whose value nobody uses. */
const dropCall: Operator = ({ node, child, add }) => {
  if (node.type !== 'ExpressionStatement' || !isCall(node.expression)) return undefined;
  return `$m.on(${add('call', 'removed')}) || (${child(node.expression)});`;
};

const changeLiteral: Operator = ({ node, parent, inner, add }) => {
  if (node.type !== 'Literal' || isName(node, parent)) return undefined;
  if (typeof node.value === 'number') {
    // Of a wait or a limit of thousands nobody promises the last one.
    const change = node.value < LARGE ? '+ 1' : '* 2';
    return `($m.on(${add('number', change)}) ? (${inner}) ${change} : ${inner})`;
  }
  if (typeof node.value === 'bigint') return `($m.on(${add('number', '+ 1')}) ? (${inner}) + 1n : ${inner})`;
  if (typeof node.value === 'boolean') return `($m.on(${add('boolean', `${!node.value}`)}) !== ${inner})`;
  if (typeof node.value !== 'string') return undefined;
  const other = node.value === '' ? 'mutant' : '';
  return `($m.on(${add('string', `'${other}'`)}) ? '${other}' : ${inner})`;
};

const emptyTemplate: Operator = ({ node, parent, inner, add }) => {
  if (node.type !== 'TemplateLiteral' || parent?.type === 'TaggedTemplateExpression') return undefined;
  return `($m.on(${add('string', "''")}) ? '' : ${inner})`;
};

/** Functions return at once. Loops that nothing but their body ends are left alone. */
const emptyBlock: Operator = ({ node, parent, inner, add }) => {
  if (node.type !== 'BlockStatement' || node.body.length === 0 || parent === undefined) return undefined;
  if (isFunction(parent)) {
    if (inner.includes('super(')) return undefined;
    return `{if ($m.on(${add('block', 'emptied')})) return;${inner.slice(1)}`;
  }
  if (!EMPTIED_IN.has(parent.type)) return undefined;
  return `{if (!$m.on(${add('block', 'emptied')})) ${inner}}`;
};

const dropMember: Operator = ({ node, parent, inner, add }) => {
  if (node.type !== 'Property' || node.kind !== 'init' || parent?.type !== 'ObjectExpression') return undefined;
  if (inner.includes('super')) return undefined;
  return `...($m.on(${add('member', 'removed')}) ? {} : {${inner}})`;
};

/** `a?.b` to `a.b`. */
const dropOptional: Operator = ({ node, source, child, add }) => {
  if (node.type !== 'MemberExpression' || !node.optional) return undefined;
  const between = source.slice(node.object.end - node.start, node.property.start - node.start);
  const access = `${between.slice(between.indexOf('?.'))}${child(node.property)}${node.computed ? ']' : ''}`;
  return `$m.present((${child(node.object)}), ${add('optional chain', 'without ?')})${access}`;
};

export const OPERATORS: readonly Operator[] = [
  dropNegation,
  changeBinary,
  changeLogical,
  dropAwait,
  changeLiteral,
  emptyTemplate,
  dropOptional,
  negateCondition,
  dropCall,
  emptyBlock,
  dropMember,
];

function isTest(node: AnyNode, parent: AnyNode): boolean {
  return 'test' in parent && parent.test === node && parent.type !== 'SwitchCase' && node.type !== 'Literal';
}

function isComparison(node: AnyNode): boolean {
  return node.type === 'BinaryExpression' && COMPARISONS.has(node.operator);
}

function isText(node: AnyNode): boolean {
  return node.type === 'TemplateLiteral' || (node.type === 'Literal' && typeof node.value === 'string');
}

function isCall(node: AnyNode): boolean {
  if (node.type === 'AwaitExpression' || node.type === 'UnaryExpression') return isCall(node.argument);
  if (node.type === 'ChainExpression') return isCall(node.expression);
  return node.type === 'CallExpression' && node.callee.type !== 'Super';
}

export function isFunction({ type }: AnyNode): boolean {
  return type === 'FunctionDeclaration' || type === 'FunctionExpression' || type === 'ArrowFunctionExpression';
}

/** A key, or a directive: no value. */
function isName(node: AnyNode, parent: AnyNode | undefined): boolean {
  if (parent === undefined || parent.type === 'ImportAttribute') return true;
  if ('key' in parent && parent.key === node) return !('computed' in parent && parent.computed);
  return parent.type === 'ExpressionStatement';
}
