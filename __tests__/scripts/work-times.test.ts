import { expect, test } from '@jest/globals';
import { WORKS, workTimes } from '../../scripts/bench/work-times.ts';

test("a thread's processor time is shared out by the samples, and waiting takes none of it", () => {
  const frames = [
    { functionName: '(idle)', url: '' },
    { functionName: 'update', url: 'node:internal/crypto/hash' },
    { functionName: 'indexOfBuffer', url: '' },
    { functionName: 'packageDirectory', url: 'file:///package/index.js' },
    { functionName: 'emit', url: 'node:events' },
  ];
  const nodes = frames.map((callFrame, id) => ({ id, callFrame }));
  const profile = { nodes, samples: [0, 1, 2, 3, 4, 1], timeDeltas: [5000, 100, 100, 300, 400, 100] };

  const times = workTimes(profile, 20);

  expect(Object.fromEntries(times)).toEqual({
    'SHA-256': 4,
    'search for secrets': 2,
    'this project': 6,
    'rest of Node': 8,
  });
  expect(WORKS).toEqual(expect.arrayContaining([...times.keys()]));
});
