import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { updateReadmes, withTables } from '../../scripts/readme-tables.ts';
import { temporaryFolder } from '../clean-up.ts';

const README = [
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
  test('writes a row for each input and output, and leaves the rest of the README alone', () => {
    expect(withTables(README, ACTION)).toBe(
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
    const once = withTables(README, ACTION);
    expect(withTables(once, ACTION)).toBe(once);
  });

  test('says "None." when there are no outputs', () => {
    expect(withTables(README, 'inputs: {}')).toContain('<!-- outputs:start -->\nNone.\n<!-- outputs:end -->');
  });

  test('refuses a README without the markers', () => {
    expect(() => withTables('# Title', ACTION)).toThrow('<!-- inputs:start --> and <!-- inputs:end --> are missing');
  });
});

describe('updateReadmes', () => {
  let root: string;
  const write = (name: string, text: string) => writeFileSync(join(root, name), text);
  const read = (name: string) => readFileSync(join(root, name), 'utf8');

  beforeEach(() => {
    root = temporaryFolder();
    mkdirSync(join(root, 'sub'));
    for (const folder of ['.', 'sub']) {
      write(`${folder}/action.yml`, ACTION);
      write(`${folder}/README.md`, withTables(README, ACTION));
    }
  });

  test('finds nothing to say when all match', () => {
    expect(updateReadmes(root, true)).toEqual([]);
  });

  test('with checkOnly, names the README of a sub-action that is out of date, and does not touch it', () => {
    write('sub/action.yml', ACTION.replace('A switch.', 'Another switch.'));
    const before = read('sub/README.md');
    expect(updateReadmes(root, true)).toEqual(['sub/README.md does not match action.yml']);
    expect(read('sub/README.md')).toBe(before);
  });

  test('brings a README up to date', () => {
    write('action.yml', ACTION.replace('A switch.', 'Another switch.'));
    expect(updateReadmes(root, false)).toEqual([]);
    expect(read('README.md')).toContain('Another switch.');
  });

  test('names a README that is missing or has no markers', () => {
    rmSync(join(root, 'README.md'));
    write('sub/README.md', '# No markers');
    expect(updateReadmes(root, true)).toEqual([
      'README.md is missing',
      'sub/README.md: the markers <!-- inputs:start --> and <!-- inputs:end --> are missing',
    ]);
  });
});
