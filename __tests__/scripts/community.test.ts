/** What GitHub itself reads of the repository: the Marketplace's limits, and the community files. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

const ROOT = resolve(import.meta.dirname, '../..');
const FORMS = join(ROOT, '.github/ISSUE_TEMPLATE');
/** The Marketplace refuses a longer description. */
const MAX_DESCRIPTION_CHARACTERS = 124;
/** A longer name is cut in its lists. */
const MAX_NAME_CHARACTERS = 50;
/** https://docs.github.com/actions/reference/workflows-and-actions/metadata-syntax#branding */
const COLORS = ['white', 'black', 'yellow', 'blue', 'green', 'orange', 'red', 'purple', 'gray-dark'];
const OMITTED_ICONS = [
  'coffee',
  'columns',
  'divide',
  'divide-circle',
  'divide-square',
  'frown',
  'hexagon',
  'key',
  'meh',
  'mouse-pointer',
  'smile',
  'tool',
  'x-octagon',
];

interface ActionFile {
  name: string;
  description: string;
  author?: string;
  branding?: { icon?: string; color?: string };
}

const FOLDERS = ['.', ...readdirSync(ROOT)].filter((name) => existsSync(join(ROOT, name, 'action.yml')));
const ACTIONS = FOLDERS.map((folder): [string, ActionFile] => [
  folder,
  parse(readFileSync(join(ROOT, folder, 'action.yml'), 'utf8')),
]);

describe.each(ACTIONS)('the action in %s', (_, { name, description, author, branding }) => {
  test('keeps within what the Marketplace takes', () => {
    expect(name.length).toBeGreaterThan(0);
    expect(name.length).toBeLessThanOrEqual(MAX_NAME_CHARACTERS);
    expect(name).toBe(name.trim());
    expect(description.length).toBeLessThanOrEqual(MAX_DESCRIPTION_CHARACTERS);
    expect(description).toMatch(/^[A-Z][^\n]*\.$/);
    expect(author).toBeTruthy();
  });

  test('has an icon and a colour that there are', () => {
    expect(COLORS).toContain(branding?.color);
    expect(branding?.icon).toMatch(/^[a-z]+(?:-[a-z\d]+)*$/);
    expect(OMITTED_ICONS).not.toContain(branding?.icon);
    expect(icons()).toContain(branding?.icon);
  });
});

/** Those that GitHub's own language service knows. */
function icons(): string[] {
  const file = join(ROOT, 'node_modules/@actions/workflow-parser/dist/action-v1.0.min.json');
  return [...readFileSync(file, 'utf8').matchAll(/"([a-z\d-]+)"/g)].map(([, name = '']) => name);
}

test('no two actions have one name', () => {
  const names = ACTIONS.map(([, { name }]) => name.toLowerCase());
  expect(new Set(names).size).toBe(names.length);
});

test('the community files are where GitHub looks for them', () => {
  const files = ['CODE_OF_CONDUCT.md', 'CODEOWNERS', 'SECURITY.md', 'PULL_REQUEST_TEMPLATE.md'];
  expect(readdirSync(join(ROOT, '.github'))).toEqual(expect.arrayContaining(files));
  expect(readdirSync(ROOT)).toEqual(expect.arrayContaining(['LICENSE', 'CONTRIBUTING.md', '.nvmrc']));
});

test('the issue forms are such as GitHub shows', () => {
  const forms = readdirSync(FORMS).filter((name) => name !== 'config.yml');
  expect(forms.length).toBeGreaterThan(0);
  for (const form of forms) {
    const { name, description, body } = parse(readFileSync(join(FORMS, form), 'utf8'));
    expect({ name, description }).toEqual({ name: expect.any(String), description: expect.any(String) });
    const fields: { type: string; id?: string; attributes: Record<string, unknown> }[] = body;
    for (const { type, id, attributes } of fields) {
      expect(['markdown', 'input', 'textarea', 'dropdown', 'checkboxes']).toContain(type);
      expect(attributes).toHaveProperty(type === 'markdown' ? 'value' : 'label');
      if (type !== 'markdown') expect(id).toMatch(/^[\w-]+$/);
    }
    const ids = fields.flatMap(({ id }) => id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  }
});

test('the form for faults names each action', () => {
  const { body } = parse(readFileSync(join(FORMS, 'bug.yml'), 'utf8'));
  const { options } = body.find(({ id }: { id?: string }) => id === 'action').attributes;
  expect([...options].sort()).toEqual(FOLDERS.map((folder) => (folder === '.' ? 'deploy' : folder)).sort());
});

test('.nvmrc has the major version of Node that the actions run on', () => {
  const { runs } = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8'));
  expect(`node${readFileSync(join(ROOT, '.nvmrc'), 'utf8').trim()}`).toBe(runs.using);
});
