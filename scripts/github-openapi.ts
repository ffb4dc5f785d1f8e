/**
 * Cuts the calls that the action makes, or may make later, out of GitHub's OpenAPI description, so that the tests can
 * check each request against it: `node scripts/github-openapi.ts [folder of the unpacked package]`.
 *
 * Without a folder the package is fetched from the npm registry. With `--check` nothing is written, and a committed cut
 * that differs from the package's is an error.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

type Json = null | boolean | number | string | Json[] | JsonObject;
type JsonObject = { [name: string]: Json };

const PACKAGE = '@octokit/openapi@23.0.2';
/** The package's file about github.com with unresolved references. */
const DESCRIPTION = 'generated/api.github.com.json';
const CUT = '__tests__/github/openapi.json';
const LINE_WIDTH = 120;

/** By `operationId`, as the description names them. */
export const CALLS: readonly string[] = [
  'actions/download-artifact',
  'actions/get-artifact',
  'actions/get-workflow-run',
  'actions/list-workflow-run-artifacts',
  'checks/create',
  'checks/get',
  'checks/list-for-ref',
  'checks/update',
  'git/get-ref',
  'issues/create-comment',
  'issues/delete-comment',
  'issues/get-comment',
  'issues/list-comments',
  'issues/update-comment',
  'pulls/get',
  'pulls/list',
  'reactions/create-for-issue-comment',
  'reactions/delete-for-issue-comment',
  'repos/create-deployment',
  'repos/create-deployment-status',
  'repos/delete-deployment',
  'repos/get-collaborator-permission-level',
  'repos/get-deployment',
  'repos/list-deployment-statuses',
  'repos/list-deployments',
  'users/get-authenticated',
];

/** The part of the description for these calls: their paths, and the components that those refer to. */
export function cutDescription(description: JsonObject, licenseText: string): JsonObject {
  const paths = cutPaths(description);
  const { info } = description;
  return {
    openapi: description['openapi'] ?? '',
    info: {
      ...pick(info, ['version', 'title', 'description']),
      license: { ...pick(asObject(info)['license'], ['name', 'url']), 'x-text': licenseText.trim() },
      // Later versions of the API than the described one, which `x-github-api-version` can request.
      'x-api-versions': laterVersions(description),
    },
    servers: description['servers'] ?? [],
    paths,
    components: cutComponents(description, paths),
  };
}

/** JSON as the linter formats it: on one line if it fits. */
export function render(value: Json): string {
  return `${renderValue(value, 0, 0)}\n`;
}

/** How the committed cut differs from that of the package in this folder; empty when it does not. */
export function cutProblems(packageFolder: string, cutFile: string): string[] {
  if (!existsSync(cutFile)) return [`${CUT} is missing`];
  const [committed, fresh] = [readFileSync(cutFile, 'utf8'), render(readCut(packageFolder))];
  if (committed === fresh) return [];
  const freshLines = fresh.split('\n');
  const line = committed.split('\n').findIndex((text, index) => text !== freshLines[index]);
  return [`${CUT} is not what ${PACKAGE} gives${line < 0 ? ': its end is missing' : `, from line ${line + 1} on`}`];
}

function readCut(packageFolder: string): JsonObject {
  const description = JSON.parse(readFileSync(join(packageFolder, DESCRIPTION), 'utf8')) as JsonObject;
  return cutDescription(description, readFileSync(join(packageFolder, 'LICENSE'), 'utf8'));
}

function cutPaths(description: JsonObject): JsonObject {
  const missing = new Set(CALLS);
  const paths: JsonObject = {};
  for (const [path, item] of Object.entries(asObject(description['paths']))) {
    const operations = Object.entries(asObject(item)).filter(([, operation]) =>
      missing.delete(String(asObject(operation)['operationId'])),
    );
    if (operations.length > 0) paths[path] = trim(Object.fromEntries(operations));
  }
  if (missing.size > 0) throw new Error(`not in the description: ${[...missing].join(', ')}`);
  return paths;
}

function cutComponents(description: JsonObject, paths: JsonObject): JsonObject {
  const found = new Map<string, Json>();
  const follow = (value: Json): void => {
    for (const [, reference = ''] of JSON.stringify(value).matchAll(/"\$ref":"#\/components\/([^"]+)"/g)) {
      if (found.has(reference)) continue;
      const [kind = '', name = ''] = reference.split('/');
      const component = asObject(asObject(description['components'])[kind])[name];
      if (component === undefined) throw new Error(`not in the description: ${reference}`);
      const trimmed = asObject(trim({ [kind]: { [name]: component } }));
      found.set(reference, asObject(trimmed[kind])[name] ?? null);
      follow(found.get(reference) ?? null);
    }
  };
  follow(paths);
  const components: Record<string, JsonObject> = {};
  for (const [reference, component] of [...found].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const [kind = '', name = ''] = reference.split('/');
    components[kind] = { ...components[kind], [name]: component };
  }
  return components;
}

/** Objects whose keys are arbitrary names, so that a `description` in them is a field like any other. */
const NAMED = new Set(['properties', 'content', 'headers', 'schemas', 'parameters', 'responses']);
const LEFT_OUT = new Set(['summary', 'title', 'tags', 'externalDocs', 'example', 'examples', 'deprecated']);

/** Drops everything that says nothing about the shape of a request or an answer. */
function trim(value: Json, inside = ''): Json {
  if (Array.isArray(value)) return value.map((item) => trim(item));
  if (value === null || typeof value !== 'object') return value;
  if (NAMED.has(inside)) {
    const isAnswers = inside === 'responses';
    return mapObject(value, (item) => trim(item, isAnswers ? 'response' : ''));
  }
  const remaining = Object.entries(value).filter(([key, item]) => {
    if (key === 'description') return inside === 'response' || statesMaximum(item);
    return !LEFT_OUT.has(key) && !key.startsWith('x-');
  });
  return mapObject(Object.fromEntries(remaining), trim);
}

/** Some limits are only given in words, against which the tests check their own table. */
function statesMaximum(description: Json): boolean {
  return typeof description === 'string' && description.length < 300 && /\bmax(imum)?\b/i.test(description);
}

function laterVersions(description: JsonObject): string[] {
  const found = new Set<string>();
  JSON.stringify(description, (key, value: Json) => {
    if (key === 'x-github-breaking-changes' && Array.isArray(value)) {
      for (const change of value) found.add(String(asObject(change)['version']));
    }
    return value;
  });
  return [...found].sort();
}

/** `used` is the rest of the value's line: its key, and a comma. */
function renderValue(value: Json, indent: number, used: number): string {
  const flat = renderFlat(value);
  if (value === null || typeof value !== 'object' || indent + used + flat.length <= LINE_WIDTH) return flat;
  const items = Array.isArray(value)
    ? value.map((item) => ({ key: '', item }))
    : Object.entries(value).map(([key, item]) => ({ key: `${JSON.stringify(key)}: `, item }));
  const inner = indent + 2;
  const lines = items.map(({ key, item }, index) => {
    const comma = index < items.length - 1 ? ',' : '';
    return `${' '.repeat(inner)}${key}${renderValue(item, inner, key.length + comma.length)}${comma}`;
  });
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return [open, ...lines, `${' '.repeat(indent)}${close}`].join('\n');
}

function renderFlat(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(renderFlat).join(', ')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${renderFlat(item)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

function asObject(value: Json | undefined): JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

function pick(value: Json | undefined, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(asObject(value)).filter(([name]) => names.includes(name)));
}

function mapObject(value: JsonObject, change: (item: Json, key: string) => Json): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item, key)]));
}

/** The folder of the package, unpacked under `folder`. Throws when it cannot be fetched. */
function fetchPackage(folder: string): string {
  const run = (command: string, parameters: string[], shell = false) =>
    execFileSync(command, parameters, { cwd: folder, shell, stdio: ['ignore', 'ignore', 'pipe'] });
  // npm is a shell script on Windows.
  run('npm', ['pack', PACKAGE], process.platform === 'win32');
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (archive === undefined) throw new Error(`npm pack left no archive of ${PACKAGE}`);
  run('tar', ['-xzf', archive, `package/${DESCRIPTION}`, 'package/LICENSE']);
  return join(folder, 'package');
}

function main(parameters: readonly string[]): number {
  const checkOnly = parameters.includes('--check');
  const given = parameters.find((parameter) => !parameter.startsWith('--'));
  const cutFile = fileURLToPath(new URL(`../${CUT}`, import.meta.url));
  const temporary = mkdtempSync(join(tmpdir(), 'github-openapi-'));
  try {
    let folder = given;
    try {
      folder ??= fetchPackage(temporary);
    } catch (error) {
      console.error(`${PACKAGE} cannot be fetched: ${error instanceof Error ? error.message : error}`);
      if (checkOnly) console.log(`${CUT} was not checked`);
      return checkOnly ? 0 : 1;
    }
    if (!checkOnly) writeFileSync(cutFile, render(readCut(folder)));
    const problems = cutProblems(folder, cutFile);
    for (const problem of problems) console.error(problem);
    if (problems.length > 0) console.error('Fix it with: node scripts/github-openapi.ts');
    else console.log(`${CUT} is what ${PACKAGE} gives (${CALLS.length} calls)`);
    return problems.length > 0 ? 1 : 0;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2));
