/** A project that is not found: what the error names. */
import { expect, test } from '@jest/globals';
import { resolveProject } from '../../src/actions/resolve-project.ts';
import type { HostingClient } from '../../src/bigcommerce/hosting.ts';
import { createFakeRun } from '../fake-run.ts';

type Events = Parameters<typeof resolveProject>[1]['run'];

async function messageFor(wanted: string, listProjects: HostingClient['listProjects']): Promise<string> {
  const hosting = { findProjects: async () => [], listProjects } as unknown as HostingClient;
  const run = createFakeRun() as unknown as Events;
  const reference = { kind: 'name', name: wanted, createIfMissing: false } as const;
  const error = await resolveProject(reference, { hosting, run }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ title: 'Project not found', topic: 'project-not-found' });
  return (error as Error).message;
}

const named =
  (...names: string[]) =>
  async () =>
    names.map((name, index) => ({ uuid: `u-${index}`, name }));
const MISSING = 'The store has no hosting project named "Shop" (names are matched exactly, case included).';

test.each([
  ['the nearest names', named('blog', 'shop', 'shop-eu'), `${MISSING} Nearest: "shop", "shop-eu".`],
  ['all, if they are few and none is near', named('blog', 'docs'), `${MISSING} It has: "blog", "docs".`],
  ['none of many that are far', named('a', 'b', 'c', 'd', 'e', 'f'), MISSING],
  ['that there is none', named(), `${MISSING} It has no projects, or the token sees none.`],
  [
    'a long name in short, on one line',
    named(`shop\n${'x'.repeat(90)}yyyy${'z'.repeat(80)}`),
    expect.stringMatching(/It has: "shop x+yyyyz…"\.$/),
  ],
])('it names %s', async (_, listProjects, message) => {
  expect(await messageFor('Shop', listProjects)).toEqual(message);
});

test('a list that cannot be read hides nothing', async () => {
  const refuse = async () => {
    throw new Error('refused');
  };
  expect(await messageFor('Shop', refuse)).toBe(MISSING);
});
