/** A small built storefront like the output of `catalyst build`: the same bytes every time. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes `.bigcommerce/dist` into the folder. `scale` multiplies the sizes. */
export function writeDemoStorefront(workspace: string, scale = 1): void {
  const dist = join(workspace, '.bigcommerce', 'dist');
  const write = (name: string, content: string | Uint8Array) => {
    const path = join(dist, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  };
  write('worker.js', code('worker', 1_500_000 * scale));
  write('assets/_next/static/css/app.css', code('css', 90_000 * scale));
  for (let page = 1; page <= 24; page += 1) {
    write(`assets/_next/static/chunks/page-${page}.js`, code(`page ${page}`, (4000 + page * 900) * scale));
  }
  for (let image = 1; image <= 12; image += 1) {
    write(`assets/images/product-${image}.webp`, noise(image, Math.floor((20_000 + image * 3000) * scale)));
  }
  write('assets/favicon.ico', noise(99, 4286));
  write('assets/robots.txt', 'User-agent: *\nAllow: /\n');
}

/** Text that compresses about as well as minified JavaScript does. */
function code(seed: string, bytes: number): string {
  const random = generator([...seed].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7));
  const words = ['const', 'return', 'function', 'await', 'product', 'cart', 'price', 'fetch', 'props', 'children'];
  const parts: string[] = [];
  for (let length = 0; length < bytes; ) {
    const part = `${words[random() % words.length]} ${(random() % 46_656).toString(36)}=${random() % 9973};`;
    parts.push(part);
    length += part.length;
  }
  return parts.join('').slice(0, Math.floor(bytes));
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
