import { parseList } from '../../src/files/redirects/parse-list.ts';
import { expectLinear } from '../growth.ts';

/** `count` of something in a row. */
export function many<T>(count: number, item: (at: number) => T): T[] {
  return Array.from({ length: count }, (_, at) => item(at));
}

/** Texts that have been slow for some parser or other. A further one is a row. */
export const TEXTS: readonly [name: string, format: 'json' | 'yaml', text: (count: number) => string][] = [
  ['items', 'json', (count) => `[${many(count, (at) => `{"from_path": "/${at}", "to": "/new"}`).join(',\n')}]`],
  ['keys of an item', 'json', (count) => `[{${many(count, (at) => `"key ${at}": 1`).join(',')}}]`],
  ['the same key of an item', 'json', (count) => `[{${many(count, () => '"to": "/b"').join(',')}}]`],
  ['keys of a block', 'yaml', (count) => `- ${many(count, (at) => `k${at}: 1`).join('\n  ')}\n`],
  ['keys of the root', 'yaml', (count) => many(count, (at) => `k${at}: 1\n`).join('')],
  ['keys that are no text', 'yaml', (count) => `- {${many(count, (at) => `${at}: 1`).join(', ')}}\n`],
  ['keys that are aliases', 'yaml', (count) => `- &a x\n- {${many(count, () => '*a : 1').join(', ')}}\n`],
  ['keys that are maps', 'yaml', (count) => `- {${many(count, (at) => `{a: ${at}}: 1`).join(', ')}}\n`],
  ['anchors', 'yaml', (count) => many(count, (at) => `- &a${at} {from_path: /${at}, to: /b}\n`).join('')],
  ['aliases', 'yaml', (count) => `- &a {from_path: /a, to: /b}\n${'- *a\n'.repeat(count)}`],
  ['merge keys', 'yaml', (count) => `- &a {from_path: /a}\n${'- {<<: *a, to: /b}\n'.repeat(count)}`],
  ['problems', 'yaml', (count) => '- "a\n'.repeat(count)],
  ['commas', 'yaml', (count) => `[${','.repeat(count)}]`],
  ['open brackets', 'yaml', (count) => '['.repeat(count)],
  ['open objects', 'json', (count) => '[{"a":'.repeat(count)],
  ['dashes', 'yaml', (count) => `${'- '.repeat(count)}\n`],
  ['question marks', 'yaml', (count) => `${'? '.repeat(count)}\n`],
  ['comments', 'yaml', (count) => `${'# comment\n'.repeat(count)}- {from_path: /a, to: /b}\n`],
  ['comments in an item', 'yaml', (count) => `- from_path:\n${'    # comment\n'.repeat(count)}    /a\n  to: /b\n`],
  ['lines of a text', 'yaml', (count) => `- from_path: |\n${'    /a\n'.repeat(count)}  to: /b\n`],
  ['blank lines', 'json', (count) => `[${'\n'.repeat(count)}{"from_path": "/a"`],
  ['tags', 'yaml', (count) => `- ${'!!str '.repeat(count)}a\n`],
  ['directives', 'yaml', (count) => `${many(count, (at) => `%TAG !e${at}! tag:e\n`).join('')}---\n- a: 1\n`],
  ['documents', 'yaml', (count) => '---\n- {from_path: /a, to: /b}\n'.repeat(count)],
  ['spaces', 'yaml', (count) => `- from_path: /a${' '.repeat(count)}b\n  to: /b\n`],
];

/** Fails where a longer text of this kind takes more than its share of time. */
export async function expectLinearText(format: 'json' | 'yaml', textOf: (count: number) => string): Promise<void> {
  const texts = new Map<number, Buffer>();
  await expectLinear(2_000, (count) => {
    const bytes = texts.get(count) ?? Buffer.from(textOf(count));
    texts.set(count, bytes);
    parseList({ bytes, format, siteId: 1000 });
  });
}
