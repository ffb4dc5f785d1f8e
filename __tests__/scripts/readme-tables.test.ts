import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { updatePages, withTables } from '../../scripts/readme-tables.ts';
import { temporaryFolder } from '../clean-up.ts';

const PAGE = [
  '# Title',
  '<!-- inputs:start -->',
  'old',
  '<!-- inputs:end -->',
  'between',
  '<!-- outputs:start -->',
  '<!-- outputs:end -->',
  'end',
  '',
].join('\n');

const ACTION = `
inputs:
  name:
    description: Who it is for.
    required: true
  mode:
    description: >-
      Either \`a|b\` or
      nothing.
    default: "a|b"
  flag:
    description: A switch.
    required: false
outputs:
  result:
    description: What came of it.
`;

describe('withTables', () => {
  test('writes a row for each input and output, and leaves the rest of the page alone', () => {
    expect(withTables(PAGE, ACTION)).toBe(
      [
        '# Title',
        '<!-- inputs:start -->',
        '| input | default | meaning |',
        '| --- | --- | --- |',
        '| `name` | required | Who it is for. |',
        '| `mode` | `a\\|b` | Either `a\\|b` or nothing. |',
        '| `flag` |  | A switch. |',
        '<!-- inputs:end -->',
        'between',
        '<!-- outputs:start -->',
        '| output | meaning |',
        '| --- | --- |',
        '| `result` | What came of it. |',
        '<!-- outputs:end -->',
        'end',
        '',
      ].join('\n'),
    );
  });

  test('changes nothing the second time', () => {
    const once = withTables(PAGE, ACTION);
    expect(withTables(once, ACTION)).toBe(once);
  });

  test('says "None." when there are no outputs', () => {
    expect(withTables(PAGE, 'inputs: {}')).toContain('<!-- outputs:start -->\nNone.\n<!-- outputs:end -->');
  });

  test('refuses a page without the markers', () => {
    expect(() => withTables('# Title', ACTION)).toThrow('<!-- inputs:start --> and <!-- inputs:end --> are missing');
  });
});

describe('updatePages', () => {
  let root: string;
  const write = (name: string, text: string) => writeFileSync(join(root, name), text);
  const read = (name: string) => readFileSync(join(root, name), 'utf8');

  beforeEach(() => {
    root = temporaryFolder();
    for (const folder of ['sub', 'docs']) mkdirSync(join(root, folder));
    for (const folder of ['.', 'sub']) write(`${folder}/action.yml`, ACTION);
    write('sub/README.md', withTables(PAGE, ACTION));
    for (const kind of ['inputs', 'outputs'] as const) {
      const page = `# Title\n<!-- ${kind}:start -->\n<!-- ${kind}:end -->\n`;
      write(`docs/${kind}.md`, withTables(page, ACTION, [kind]));
    }
  });

  test('finds nothing to say when all match', () => {
    expect(updatePages(root, true)).toEqual([]);
  });

  test('with checkOnly, names the README of a sub-action that is out of date, and does not touch it', () => {
    write('sub/action.yml', ACTION.replace('A switch.', 'Another switch.'));
    const before = read('sub/README.md');
    expect(updatePages(root, true)).toEqual(['sub/README.md does not match sub/action.yml']);
    expect(read('sub/README.md')).toBe(before);
  });

  test("brings the deploy action's pages up to date, each with its own table", () => {
    const changed = ACTION.replace('A switch.', 'Another switch.').replace('What came of it.', 'All that came of it.');
    write('action.yml', changed);
    expect(updatePages(root, true)).toEqual([
      'docs/inputs.md does not match action.yml',
      'docs/outputs.md does not match action.yml',
    ]);
    expect(updatePages(root, false)).toEqual([]);
    expect(read('docs/inputs.md')).toContain('Another switch.');
    expect(read('docs/outputs.md')).toContain('All that came of it.');
    expect(read('docs/outputs.md')).not.toContain('Another switch.');
  });

  test('names a page that is missing or has no markers', () => {
    rmSync(join(root, 'docs/outputs.md'));
    write('sub/README.md', '# No markers');
    expect(updatePages(root, true)).toEqual([
      'docs/outputs.md is missing',
      'sub/README.md: the markers <!-- inputs:start --> and <!-- inputs:end --> are missing',
    ]);
  });
});
