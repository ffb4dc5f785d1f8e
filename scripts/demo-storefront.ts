/**
 * The demo's storefront as `catalyst build` leaves one: a small worker that really runs, its assets
 * (`demo-storefront/`), and generated files around them that give it the size of a shop. The same bytes every time.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A real one is random for each build, unless the project sets `generateBuildId`. */
export const DEMO_BUILD_ID = 'hearth-and-fern-1';

const SOURCE = join(import.meta.dirname, 'demo-storefront');

/**
 * Writes `.bigcommerce/dist` into the folder.
 *
 * @param scale multiplies the sizes of what is generated
 */
export function writeDemoStorefront(workspace: string, scale = 1, buildId = DEMO_BUILD_ID): void {
  const dist = join(workspace, '.bigcommerce', 'dist');
  const write = (name: string, content: string | Uint8Array) => {
    const path = join(dist, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  };
  cpSync(join(SOURCE, 'assets'), join(dist, 'assets'), { recursive: true });
  const worker = readFileSync(join(SOURCE, 'worker.js'), 'utf8').replace('__BUILD_ID__', buildId);
  const rest = code('worker', 800_000 * scale);
  write('worker.js', `${worker}${rest}\n//# sourceMappingURL=worker.js.map\n`);
  write('worker.js.map', sourceMap(worker, rest));
  write('README.md', '# demo-storefront\n\nBuilt 2026-03-01T12:00:00.000Z\n');
  write('assets/BUILD_ID', buildId);
  write('assets/_next/static/css/app.css', `/*${code('css', 90_000 * scale)}*/\n`);
  for (let page = 1; page <= 24; page += 1) {
    write(`assets/_next/static/chunks/page-${page}.js`, code(`page ${page}`, (4000 + page * 900) * scale));
  }
  for (let font = 1; font <= 12; font += 1) {
    write(`assets/_next/static/media/font-${font}.woff2`, noise(font, Math.floor((20_000 + font * 3000) * scale)));
  }
}

/** Line by line: the worker's own lines, and the generated one after them. */
function sourceMap(worker: string, rest: string): string {
  const lines = worker.split('\n').length - 1;
  // AACA: the next line of the same source; ACvLA and the like: line 0 of the next source, so many lines back.
  const mappings = ['AAAA', ...Array.from({ length: lines - 1 }, () => 'AACA'), `AC${base64Vlq(1 - lines)}A`].join(';');
  const sources = ['worker.js', 'node_modules.js'];
  return JSON.stringify({
    version: 3,
    file: 'worker.js',
    sources,
    sourcesContent: [worker, rest],
    names: [],
    mappings,
  });
}

/** A number as source maps write it: 5 bits for each digit, the lowest first, the sign in the lowest bit. */
function base64Vlq(value: number): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  let left = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = '';
  do {
    const more = left > 31 ? 32 : 0;
    text += digits[(left & 31) | more];
    left >>>= 5;
  } while (left > 0);
  return text;
}

/** A function that nothing calls: it parses, and compresses about as well as minified JavaScript does. */
function code(seed: string, bytes: number): string {
  const random = generator([...seed].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7));
  const words = ['query', 'render', 'locale', 'await', 'product', 'cart', 'price', 'fetch', 'props', 'children'];
  const parts = ['function bundled(){'];
  for (let length = 0; length < bytes; ) {
    const part = `var ${words[random() % words.length]}_${(random() % 46_656).toString(36)}=${random() % 9973};`;
    parts.push(part);
    length += part.length;
  }
  return `${parts.join('')}}`;
}

/** Bytes that do not compress, like an image's. */
export function noise(seed: number, bytes: number): Uint8Array {
  const random = generator(seed);
  const content = new Uint8Array(bytes);
  for (let index = 0; index < bytes; index += 1) content[index] = random() & 0xff;
  return content;
}

/** In a test's own context each access to a global costs more than the multiplication. */
const { imul } = Math;

/** Numerical Recipes' linear congruential generator: no chance involved, the same numbers everywhere. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 8;
  };
}
