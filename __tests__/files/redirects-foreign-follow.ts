import { parse } from 'csv-parse/sync';

type Item = Record<string, unknown>;

/**
 * What somebody gets who does what the advice says with a CSV or a list in JSON, word by word: old paths and targets.
 * Undefined for a text, whose words one has to pick by eye.
 */
export function followAdvice(content: string, advice: string): [from: string, to: string][] | undefined {
  const [, from = '', to = ''] =
    /`([^`]+)` goes into Old Path, `([^`]+)` into Manual URL\/Path/.exec(advice) ??
    /`([^`]+)` becomes `from_path`, and `([^`]+)` becomes `to`/.exec(advice) ??
    [];
  if (from === '') return undefined;
  const [, column, values = ''] = /Take only the rows whose `([^`]+)` is ([^.]+)\./.exec(advice) ?? [];
  const isWithoutSlash = advice.includes('Add a "/" in front of paths that lack it.');
  const hasPatterns = advice.includes('Leave out patterns');
  const slashed = (text: string) => (isWithoutSlash && !/^(\/|https?:)/.test(text) ? `/${text}` : text);
  return itemsOf(content)
    .filter((item) => column === undefined || values.split(' or ').includes(String(item[column])))
    .map((item): [string, string] => [at(item, from), at(item, to)])
    .filter(([old, target]) => old !== '' && target !== '')
    .filter((pair) => !hasPatterns || !pair.some((text) => /[*^$(]|:\w+$/.test(text)))
    .map(([old, target]) => [slashed(pathOf(old)), slashed(target)]);
}

/** A domain is a column of its own. */
function pathOf(text: string): string {
  return text.replace(/^(https?:\/\/)?[\w-]+(\.[\w-]+)+(?=\/)/, '');
}

function itemsOf(content: string): Item[] {
  if (content.startsWith('[') || content.startsWith('{')) {
    const parsed = JSON.parse(content) as Item[] | { redirects: Item[] };
    return Array.isArray(parsed) ? parsed : parsed.redirects;
  }
  if (content.startsWith('- ')) {
    const fields = [...content.matchAll(/(\w+): (\S+)/g)].map(([, key = '', value]) => [key, value]);
    return [Object.fromEntries(fields) as Item];
  }
  const text = content.replace(/^sep=.\r?\n/, '');
  return parse(text, {
    columns: true,
    delimiter: text.split('\n')[0]?.includes(';') ? ';' : ',',
    relax_column_count: true,
  });
}

function at(item: Item, path: string): string {
  const found = path.split('.').reduce<unknown>((value, key) => (value as Item | undefined)?.[key], item);
  return typeof found === 'string' ? found : '';
}
