import type { NextConfig } from 'next';

/** What a build of the vendor's storefront has, too: a redirect with a status of its own, and small map-less pages. */
const config: NextConfig = {
  async redirects() {
    return [{ source: '/shop/:slug', destination: '/products/:slug', permanent: true }];
  },
  // The worker has no image optimizer: images are served as they are.
  images: { unoptimized: true },
};

export default config;
