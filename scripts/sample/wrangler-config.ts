/**
 * The configuration by which BigCommerce's tool lets wrangler bundle a storefront: its bindings, flags and date.
 * @param project name of the worker
 */
export function renderWranglerConfig(project: string, now = new Date()): string {
  const config = {
    main: '../.open-next/worker.js',
    name: project,
    compatibility_date: monthBefore(now),
    compatibility_flags: ['nodejs_compat', 'global_fetch_strictly_public'],
    assets: { directory: '../.open-next/assets', binding: 'ASSETS' },
    services: [{ binding: 'WORKER_SELF_REFERENCE', service: project }],
    r2_buckets: [{ binding: 'NEXT_INC_CACHE_R2_BUCKET', bucket_name: project }],
    kv_namespaces: [{ binding: 'CATALYST_ROUTES_KV', id: 'local' }],
    durable_objects: {
      bindings: Object.entries(DURABLE_OBJECTS).map(([name, class_name]) => ({ name, class_name })),
    },
    migrations: [{ tag: 'v1', new_sqlite_classes: Object.values(DURABLE_OBJECTS) }],
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** Binding and class of each Durable Object that OpenNext's worker exports. */
const DURABLE_OBJECTS = {
  NEXT_CACHE_DO_QUEUE: 'DOQueueHandler',
  NEXT_TAG_CACHE_DO_SHARDED: 'DOShardedTagCache',
  NEXT_CACHE_DO_PURGE: 'BucketCachePurge',
};

/** The platform's runtime is a month behind, so that a bundle is never built for a newer one. */
function monthBefore(now: Date): string {
  const date = new Date(now);
  date.setUTCMonth(date.getUTCMonth() - 1);
  return date.toISOString().slice(0, 10);
}
