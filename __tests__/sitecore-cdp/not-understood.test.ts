/** An answer to the announcement of a batch that does not say where to upload. */
import { expect, test } from '@jest/globals';
import '../retries-at-once.ts';

const { clientOf, REF, SENT } = await import('./helpers.ts');

test('a batch that waits for its upload and names no location is not understood', async () => {
  const { client } = await clientOf(() => ({ json: { ref: REF, status: { code: 'uploading' } } }));
  await expect(client.allocate(REF, SENT)).rejects.toMatchObject({
    title: 'Sitecore CDP gave no usable answer',
    message: expect.stringContaining('Announcing the batch'),
    cause: { message: 'it names no location to upload to' },
  });
});
