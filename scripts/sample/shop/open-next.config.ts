import { defineCloudflareConfig, type OpenNextConfig } from '@opennextjs/cloudflare';
import r2IncrementalCache from '@opennextjs/cloudflare/overrides/incremental-cache/r2-incremental-cache';
import { withRegionalCache } from '@opennextjs/cloudflare/overrides/incremental-cache/regional-cache';
import queueCache from '@opennextjs/cloudflare/overrides/queue/queue-cache';
import doShardedTagCache from '@opennextjs/cloudflare/overrides/tag-cache/do-sharded-tag-cache';

const SELF_FETCH_TIMEOUT_MS = 10_000;

/** Renews a stale page by a request to the page's own address, since the platform binds no service to itself. */
const selfFetchQueue: Parameters<typeof queueCache>[0] = {
  name: 'self-fetch',
  async send({ MessageBody: { host, url } }) {
    const scheme = host.includes('localhost') ? 'http' : 'https';
    const { ok, status } = await fetch(`${scheme}://${host}${url}`, {
      method: 'HEAD',
      headers: { 'x-prerender-revalidate': process.env['__NEXT_PREVIEW_MODE_ID'] ?? '', 'x-isr': '1' },
      signal: AbortSignal.timeout(SELF_FETCH_TIMEOUT_MS),
    });
    if (!ok) throw new Error(`${url} could not be renewed: status ${status}`);
  },
};

const config: OpenNextConfig = {
  ...defineCloudflareConfig({
    incrementalCache: withRegionalCache(r2IncrementalCache, { mode: 'long-lived' }),
    queue: queueCache(selfFetchQueue, { regionalCacheTtlSec: 5, waitForQueueAck: true }),
    tagCache: doShardedTagCache({
      baseShardSize: 12,
      regionalCache: true,
      regionalCacheTtlSec: 5,
      regionalCacheDangerouslyPersistMissingTags: true,
      shardReplication: {
        numberOfSoftReplicas: 4,
        numberOfHardReplicas: 2,
        regionalReplication: { defaultRegion: 'enam' },
      },
    }),
    routePreloadingBehavior: 'withWaitUntil',
    enableCacheInterception: false,
  }),
  buildCommand: 'node ./node_modules/next/dist/bin/next build',
};

export default config;
