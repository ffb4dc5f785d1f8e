/** What follows the platform's `completed`: the order of calls, the outcome, and what is live at the end. */
import { describe, expect, test } from '@jest/globals';
import { ActionError, CancelledError } from '../../../src/errors.ts';
import { lastGood, PRODUCTION, REHEARSAL, tell } from './helpers.ts';

const REHEARSED = { project: REHEARSAL.name, isStrict: false, createIfMissing: false };
const newIsBroken = (build: string) => (build === 'new' ? 500 : 200);
const statesOf = (records: readonly { state: string }[]) => records.map(({ state }) => state);

describe('a deployment', () => {
  test('that works is verified, and what was live is looked at before that', async () => {
    const { error, run, calls } = await tell({});
    expect(error).toBeUndefined();
    expect(run.eventsOf('verified').map(({ verification }) => verification.state)).toEqual(['healthy']);
    expect(run.eventsOf('verifying')).toMatchObject([{ url: 'https://shop.example.com' }]);
    expect(calls.slice(0, 3).toSorted()).toEqual(['ask shop.example.com/ of old', 'open status', 'upload new']);
    expect(calls[3]).toBe('deploy new to p-1');
    expect(new Set(calls.slice(4))).toEqual(new Set(['ask shop.example.com/ of new']));
    expect(run.warnings).toEqual([]);
  });

  test('is not verified where that is off: no page is asked', async () => {
    const { error, run, calls } = await tell({ verification: 'off', storefront: newIsBroken });
    expect(error).toBeUndefined();
    expect(calls).toEqual(['open status', 'upload new', 'deploy new to p-1']);
    expect(run.eventsOf('verified')).toEqual([]);
  });

  test('that is broken fails the run, and stays live', async () => {
    const { error, run, live } = await tell({ storefront: newIsBroken });
    expect(error).toMatchObject({ outcome: 'unhealthy', title: 'Deployed, but the storefront does not work' });
    expect(error?.message).toContain('live at https://shop.example.com, and 1 of 1 page fails: / answers 500.');
    expect(run.eventsOf('restored')).toEqual([]);
    expect(live.get('p-1')).toBe('new');
  });

  test('of an earlier bundle that is broken is no reason to go back to what it replaced', async () => {
    const { error } = await tell({ storefront: newIsBroken, isEarlier: true });
    expect(error?.outcome).toBe('unhealthy');
    expect(error?.fix).toContain('`from-deployment`');
    expect(error?.fix).not.toContain('on-verify-failure');
  });

  test('is created only when what is live was looked at, which may go on during the upload', async () => {
    const looking = Promise.withResolvers<void>();
    const uploaded = Promise.withResolvers<void>();
    const told = tell({
      hosting: {
        readProject: async (uuid) => {
          await looking.promise;
          return uuid === PRODUCTION.uuid ? PRODUCTION : undefined;
        },
      },
      onEvent: ({ type }) => void (type === 'uploaded' && uploaded.resolve()),
    });
    await uploaded.promise;
    looking.resolve();
    const { calls } = await told;
    expect(calls.slice(0, 4)).toEqual([
      'open status',
      'upload new',
      'ask shop.example.com/ of old',
      'deploy new to p-1',
    ]);
  });

  test('that is broken is a warning where the user wants that', async () => {
    const { error, run } = await tell({ storefront: newIsBroken, verification: { onFailure: 'warn' } });
    expect(error).toBeUndefined();
    expect(run.warnings).toEqual([expect.stringContaining('/ answers 500')]);
    expect(run.eventsOf('verified')[0]?.verification.state).toBe('unhealthy');
  });

  test('whose scope to read projects is missing is deployed and verified all the same', async () => {
    const refused = async () => Promise.reject(new ActionError('refused (403)'));
    const { error, run } = await tell({ hosting: { readProject: refused } });
    expect(error).toBeUndefined();
    expect(run.warnings).toEqual([]);
    expect(run.debugLines).toContainEqual('What is live was not looked at: refused (403)');
    expect(run.eventsOf('verified')[0]?.verification.state).toBe('healthy');
  });

  test('of a project that is found by name looks for it once', async () => {
    const names: string[] = [];
    const { error } = await tell({
      order: { project: { kind: 'name', name: 'shop', createIfMissing: false } },
      hosting: {
        findProjects: async (name) => {
          names.push(name);
          return [{ uuid: 'p-1', name, urls: [] }];
        },
      },
    });
    expect(error).toBeUndefined();
    expect(names).toEqual(['shop']);
  });

  test('whose build has the same id as what was live before cannot be told from it', async () => {
    const { error, run } = await tell({ former: 'new' });
    expect(error).toBeUndefined();
    expect(run.eventsOf('verified')).toMatchObject([{ verification: { state: 'healthy', build: 'unknown' } }]);
    expect(run.lines).toContainEqual(expect.stringContaining('What was live before has the same BUILD_ID'));
  });

  test('that is a dry run asks nothing', async () => {
    const { error, calls } = await tell({ order: { dryRun: true } });
    expect(error).toBeUndefined();
    expect(calls).toEqual([]);
  });

  test('whose verification itself fails is live, and not known to work', async () => {
    const failing = () => {
      throw new TypeError('a fault with a shpat-secret of the page');
    };
    const { error, run, live } = await tell({ storefront: failing, verification: { onFailure: 'rollback' } });
    expect(error).toBeUndefined();
    expect(live.get('p-1')).toBe('new');
    expect(run.eventsOf('verified')).toMatchObject([
      { verification: { state: 'inconclusive', durationMs: expect.any(Number), pages: [] } },
    ]);
    expect(run.warnings).toEqual([expect.stringContaining('The verification itself failed')]);
    expect([...run.warnings, ...run.lines].join()).not.toContain('shpat-secret');
  });

  test('that is cancelled while it is verified ends as cancelled', async () => {
    const job = new AbortController();
    const cancelled = new CancelledError('The job was cancelled.');
    const onEvent = ({ type }: { type: string }) => void (type === 'verifying' && job.abort(cancelled));
    const { error } = await tell({ storefront: newIsBroken, signal: job.signal, onEvent });
    expect(error).toBe(cancelled);
  });
});

describe('on-verify-failure: rollback', () => {
  const verification = { onFailure: 'rollback' } as const;

  test('deploys the last good bundle once, and verifies it', async () => {
    const { error, run, calls, live } = await tell({ storefront: newIsBroken, verification });
    expect(error).toMatchObject({ outcome: 'rolled-back', title: 'Rolled back: the storefront did not work' });
    expect(error?.message).toContain('the build of commit 0123456 is live again, and works');
    expect(live.get('p-1')).toBe('old');
    expect(calls.filter((call) => call.startsWith('deploy'))).toEqual(['deploy new to p-1', 'deploy old to p-1']);
    const restored = run.eventsOf('restored').map((event) => event.restored);
    expect(statesOf(restored)).toEqual(['restoring', 'live', 'live']);
    // Its id is that of what was live at first, and not that of what is to go.
    expect(restored.at(-1)?.verification).toMatchObject({ state: 'healthy', build: 'matched' });
    // What this run deployed was broken, whatever was done about it.
    expect(run.eventsOf('verified').map((event) => event.verification.state)).toEqual(['unhealthy']);
  });

  test('says so when the former build does not work, either, and stops there', async () => {
    let isDeployed = false;
    const { error, calls } = await tell({
      verification,
      storefront: (build) => {
        isDeployed ||= build === 'new';
        return isDeployed ? 500 : 200;
      },
    });
    expect(error?.outcome).toBe('rolled-back');
    expect(error?.message).toContain('is live again, and does not work, either: 1 of 1 page fails: / answers 500');
    expect(calls.filter((call) => call.startsWith('deploy'))).toHaveLength(2);
  });

  test('leaves what failed before already', async () => {
    const { error, live } = await tell({ storefront: () => 500, verification });
    expect(error?.outcome).toBe('unhealthy');
    expect(error?.message).toContain('Nothing was rolled back, since the same pages failed before this deployment.');
    expect(error?.fix).toContain('If what was live before was a broken build itself, run the rollback action');
    expect(error?.fix).not.toContain('on-verify-failure');
    expect(live.get('p-1')).toBe('new');
  });

  test('leaves a first deployment', async () => {
    const none = async () => Promise.reject(new ActionError('GitHub shows no earlier deployment.'));
    const { error, live } = await tell({ former: undefined, storefront: newIsBroken, verification, lastGood: none });
    expect(error?.outcome).toBe('unhealthy');
    expect(error?.message).toContain('It was not rolled back: GitHub shows no earlier deployment.');
    expect(error?.fix).not.toContain('rollback');
    expect(live.get('p-1')).toBe('new');
  });

  test('whose bundle cannot be had says what the rollback action needs', async () => {
    const gone = async () => Promise.reject(new ActionError('It has expired.', { fix: 'Name another one.' }));
    const { error } = await tell({ storefront: newIsBroken, verification, lastGood: gone });
    expect(error?.message).toMatch(/It was not rolled back: It has expired\.$/);
    expect(error?.fix).toMatch(/or go back with the rollback action: Name another one\.$/);
  });

  test('that fails says so', async () => {
    let uploads = 0;
    const upload = async () => {
      uploads += 1;
      if (uploads === 2) throw new ActionError('Storage is gone.');
      return 'u-1';
    };
    const { error, run } = await tell({
      storefront: () => (uploads > 0 ? 500 : 200),
      verification,
      hosting: { upload },
    });
    expect(error?.outcome).toBe('unhealthy');
    expect(error?.message).toContain('Rolling back failed: Storage is gone.');
    expect(error?.fix).toMatch(/run the rollback action for this environment\.$/);
    expect(statesOf(run.eventsOf('restored').map((event) => event.restored))).toEqual(['restoring', 'failed']);
  });

  test('whose second verification fails by itself has rolled back all the same', async () => {
    let isBack = false;
    const { error, run, live } = await tell({
      verification,
      storefront: (build) => {
        if (isBack) throw new TypeError('a fault');
        return newIsBroken(build);
      },
      onEvent: (event) => {
        isBack ||= event.type === 'restored';
      },
    });
    expect(error?.outcome).toBe('rolled-back');
    expect(error?.message).toContain('is live again. Whether it works is not known.');
    expect(statesOf(run.eventsOf('restored').map((event) => event.restored))).toEqual(['restoring', 'live', 'live']);
    expect(live.get('p-1')).toBe('old');
  });

  test('that is cancelled ends as cancelled', async () => {
    const job = new AbortController();
    const cancelled = new CancelledError('The job was cancelled.');
    const onEvent = ({ type }: { type: string }) => void (type === 'restored' && job.abort(cancelled));
    const { error } = await tell({ storefront: newIsBroken, verification, signal: job.signal, onEvent });
    expect(error).toBe(cancelled);
  });
});

describe('a rehearsal', () => {
  const verification = { rehearsal: REHEARSED };

  test('that works goes on, and its own deployment is no event of the run', async () => {
    const { error, run, calls } = await tell({ verification });
    expect(error).toBeUndefined();
    const deployed = calls.filter((call) => /^(?:upload|deploy|open)/.test(call));
    const again = ['upload new', 'deploy new to p-1'];
    expect(deployed).toEqual(['open status', 'upload new', 'deploy new to p-2', ...again]);
    expect(run.eventsOf('created')).toHaveLength(1);
    expect(run.eventsOf('deployed')).toMatchObject([{ urls: ['https://shop.example.com'] }]);
    expect(run.eventsOf('uploaded')).toHaveLength(1);
    expect(run.eventsOf('project-found')).toMatchObject([{ uuid: 'p-1' }]);
    expect(statesOf(run.eventsOf('rehearsed').map((event) => event.rehearsal))).toEqual([
      'running',
      'running',
      'passed',
    ]);
  });

  test('that does not work leaves the project alone', async () => {
    const { error, run, live } = await tell({ verification, storefront: newIsBroken });
    expect(error).toMatchObject({ outcome: 'rejected', title: 'Rejected by the rehearsal' });
    expect(error?.message).toContain('(https://rehearsal.example.com) 1 of 1 page fails: / answers 500.');
    expect(error?.message).toContain('its storefront is as it was');
    expect(live.get('p-1')).toBe('old');
    expect(run.eventsOf('rehearsed').at(-1)?.rehearsal).toMatchObject({
      state: 'rejected',
      deploymentUuid: expect.any(String),
      verification: { state: 'unhealthy' },
    });
    expect(run.eventsOf('created')).toEqual([]);
  });

  test.each([
    [false, undefined, 'new'],
    [true, 'rejected', 'old'],
  ])('that is inconclusive, strict %s, ends as %s', async (isStrict, outcome, build) => {
    const storefront = (_: string, __: string, { uuid }: { uuid: string }) => (uuid === REHEARSAL.uuid ? 401 : 200);
    const { error, run, live } = await tell({ verification: { rehearsal: { ...REHEARSED, isStrict } }, storefront });
    expect(error?.outcome).toBe(outcome);
    expect(live.get('p-1')).toBe(build);
    if (!isStrict) expect(run.warnings).toContainEqual(expect.stringContaining('Deploying anyway.'));
  });

  test('in conflict is refused as the project itself would be', async () => {
    const conflict = async () => ({ kind: 'conflict', namedWaitMs: 0 }) as const;
    const { error, run, live } = await tell({ verification, hosting: { createDeployment: conflict } });
    expect(error?.outcome).toBe('conflict');
    expect(error?.title).toBe('Rehearsal: Another deployment is in progress');
    expect(live.get('p-1')).toBe('old');
    expect(run.eventsOf('creating')).toEqual([]);
    expect(run.eventsOf('rehearsed').at(-1)?.rehearsal.state).toBe('failed');
  });

  test('that the platform fails rejects the build', async () => {
    const { error, run } = await tell({
      verification,
      hosting: {
        async *followDeployment(deploymentUuid) {
          const known = { deploymentUuid, step: 'deploying', progress: 50, hosts: [] };
          yield { ...known, status: 'failed', errorCode: '40' };
        },
      },
    });
    expect(error).toMatchObject({ outcome: 'rejected', title: 'Rejected by the rehearsal' });
    expect(run.eventsOf('failed')).toEqual([]);
  });

  test('in a project that does not exist is an error, unless it is to be made', async () => {
    const rehearsal = { ...REHEARSED, project: 'stage' };
    const { error } = await tell({ verification: { rehearsal } });
    expect(error?.outcome).toBe('error');
    expect(error?.fix).toContain('rehearsal-project');
    const made = await tell({ verification: { rehearsal: { ...rehearsal, createIfMissing: true } } });
    expect(made.calls).toContain('deploy new to p-3');
  });

  test('in the project itself is refused', async () => {
    const { error, calls } = await tell({ verification: { rehearsal: { ...REHEARSED, project: 'shop' } } });
    expect(error?.title).toBe('Rehearsal: same project as the deployment');
    expect(calls).not.toContain('upload new');
  });
});

test('a rollback of a storefront needs its bundle only when it is needed', async () => {
  let asked = 0;
  const found = async () => {
    asked += 1;
    return lastGood('old');
  };
  await tell({ verification: { onFailure: 'rollback' }, lastGood: found });
  expect(asked).toBe(0);
});
