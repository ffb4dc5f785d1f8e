/** The end of `npm run serve:install`: runs a worker, since packages can be there whose binary does not work here. */
import { createInstance, loadMiniflare } from './miniflare.ts';

const miniflare = await loadMiniflare();
const instance = createInstance(miniflare, {
  modules: true,
  script: 'export default { fetch: () => new Response() }',
  cf: false,
});
try {
  await instance.ready;
  process.stdout.write('Storefronts can be served: npm run emulator -- --serve\n');
} finally {
  await instance.dispose();
}
