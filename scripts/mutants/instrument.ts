/**
 * Puts all mutants of a source file into one text, each behind a switch (switch.ts), so that one build holds them all.
 * Nothing of the source stands there twice: texts that nest would double with each level.
 */
import { stripTypeScriptTypes } from 'node:module';
import { posix } from 'node:path';
import { type AnyNode, parse } from 'acorn';
import type { Kind, Mutant } from './mutant.ts';
import { isFunction, OPERATORS, type Site } from './operators.ts';

/** Where the switch stands in the copy of the sources. */
export const SWITCH_FILE = 'src/mutant-switch.ts';
/** Of the text that names a mutant in keys and tables. */
const MAX_SOURCE_CHARS = 100;

/**
 * @param file path from the root, with `/`
 * @param firstId number of its first mutant
 * @throws SyntaxError for a text that is no TypeScript, or needs more than its types stripped
 */
export function instrument(file: string, text: string, firstId: number): { code: string; mutants: Mutant[] } {
  // Types become blanks: each position is that of the source.
  const source = stripTypeScriptTypes(text);
  const mutants: Mutant[] = [];
  const keys = new Map<string, number>();
  const register = (node: AnyNode, within: string, kind: Kind, change: string, shown: string): number => {
    const line = source.slice(0, node.start).split('\n').length;
    const short = shorten(shown);
    const key = [file, within, kind, short, change].join(' | ');
    const count = (keys.get(key) ?? 0) + 1;
    keys.set(key, count);
    const id = firstId + mutants.length;
    mutants.push({ id, file, line, within, kind, source: short, change, key: count === 1 ? key : `${key} | ${count}` });
    return id;
  };
  const tree = parse(source, { ecmaVersion: 'latest', sourceType: 'module' });
  const body = render(tree, undefined, { name: '', isTried: false }, { source, register });
  const path = posix.relative(posix.dirname(file), SWITCH_FILE);
  const head = `import * as $m from '${path.startsWith('.') ? path : `./${path}`}'; let $t;`;
  return { code: `${head}${body}`, mutants };
}

interface Text {
  source: string;
  register: (node: AnyNode, within: string, kind: Kind, change: string, shown: string) => number;
}

/** Where a node stands. */
interface Place {
  /** The innermost name around it; '' for none. */
  name: string;
  /** In a `try` of its own function: what fails there is seen there. */
  isTried: boolean;
}

function render(node: AnyNode, parent: AnyNode | undefined, place: Place, text: Text): string {
  const source = text.source.slice(node.start, node.end);
  if (isFixed(node)) return source;
  const name = nameOf(node, place.name === '') ?? place.name;
  const children = childrenOf(node);
  const texts = new Map(
    children.map((child) => [child, render(child, node, { name, isTried: isTried(child, node, place) }, text)]),
  );
  let inner = '';
  let end = node.start;
  for (const child of children) {
    inner += text.source.slice(end, child.start) + texts.get(child);
    end = child.end;
  }
  inner += text.source.slice(end, node.end);
  const add: Site['add'] = (kind, change, shown = source) => text.register(node, name, kind, change, shown);
  const child: Site['child'] = (one) => texts.get(one) ?? text.source.slice(one.start, one.end);
  for (const operator of OPERATORS)
    inner = operator({ node, parent, isTried: place.isTried, source, inner, child, add }) ?? inner;
  return inner;
}

function isTried(child: AnyNode, node: AnyNode, place: Place): boolean {
  if (isFunction(node)) return false;
  return place.isTried || (node.type === 'TryStatement' && (child === node.block || Boolean(node.finalizer)));
}

/** What names modules must stay: bundlers read it. */
function isFixed(node: AnyNode): boolean {
  if (node.type === 'ImportDeclaration' || node.type === 'ExportAllDeclaration') return true;
  return node.type === 'ExportNamedDeclaration' && !node.declaration;
}

/** In the order of the text. */
function childrenOf(node: AnyNode): AnyNode[] {
  if (node.type === 'ImportExpression') return [];
  // The key of `{ a }` is its value, too.
  const skipped = node.type === 'Property' && node.shorthand ? ['key'] : [];
  return Object.entries(node)
    .filter(([member]) => !skipped.includes(member))
    .flatMap(([, value]): unknown[] => (Array.isArray(value) ? value : [value]))
    .filter(isNode)
    .sort((a, b) => a.start - b.start);
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** The name that a node gives to what is in it, if any: a local value's would say less than its function's. */
function nameOf(node: AnyNode, isTop: boolean): string | undefined {
  if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') return node.id?.name;
  if (node.type === 'MethodDefinition' || node.type === 'PropertyDefinition') return keyName(node.key);
  if (node.type === 'Property') return isFunction(node.value) ? keyName(node.key) : undefined;
  if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier') return undefined;
  return isTop || (node.init && isFunction(node.init)) ? node.id.name : undefined;
}

function keyName(key: AnyNode): string | undefined {
  return key.type === 'Identifier' || key.type === 'PrivateIdentifier' ? key.name : undefined;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MAX_SOURCE_CHARS ? `${line.slice(0, MAX_SOURCE_CHARS - 1)}…` : line;
}
