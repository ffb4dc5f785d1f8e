import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  chooseRollback,
  type DeploymentFact,
  findCurrent,
  findLastGood,
  isSettled,
  kindOfSource,
  succeededAt,
} from '../../src/domain/rollback.ts';

const START_MS = Date.parse('2026-01-01T00:00:00Z');
const timeOf = (second: number) => new Date(START_MS + second * 1000).toISOString();

interface Given {
  /** The second in which it succeeded; undefined: it never did. */
  at?: number | undefined;
  active?: boolean;
  bundle?: number;
  source?: number | undefined;
  environment?: string;
  project?: string;
}

function fact(id: number, { at = id, active = false, bundle = id, source, ...where }: Given = {}): DeploymentFact {
  const { environment = 'production', project = 'shop' } = where;
  const states = [{ state: 'success', createdAt: timeOf(at) }];
  if (!active) states.unshift({ state: 'inactive', createdAt: timeOf(at + 1) });
  return {
    id,
    sha: 'a'.repeat(40),
    environment,
    createdAt: timeOf(id),
    states,
    payload: {
      bundleBytes: 1,
      bundleFiles: 1,
      bundleSha256: String(bundle).padStart(64, '0'),
      artifactId: id,
      artifactName: 'a.zip',
      runId: '1',
      runAttempt: '1',
      projectUuid: project,
      projectName: undefined,
      pullRequest: undefined,
      workingDirectory: '.',
      preview: undefined,
      sourceDeploymentId: source,
    },
  };
}

const failed = (id: number): DeploymentFact => ({
  ...fact(id),
  states: [{ state: 'failure', createdAt: timeOf(id) }],
});

/** It went live in that second, and was found broken when its verification ended, 30 s later. */
const broken = (id: number, { at = id, ...given }: Given = {}): DeploymentFact => ({
  ...fact(id, { at, ...given }),
  states: [
    { state: 'error', description: 'Live, but 1 of 1 page fails', createdAt: timeOf(at + 30) },
    { state: 'in_progress', description: 'Deployed, being verified', createdAt: timeOf(at) },
    { state: 'in_progress', description: 'Deploying', createdAt: timeOf(at) },
  ],
});

const NOTHING = new Map<number, DeploymentFact | undefined>();

function sourceOf(history: readonly DeploymentFact[], outside = NOTHING): number | string {
  const choice = chooseRollback(history, outside);
  return choice.kind === 'found' ? choice.source.id : choice.kind;
}

test.each<[string, DeploymentFact[], number | string]>([
  ['the one before', [fact(1), fact(2), fact(3, { active: true })], 2],
  ['one that failed is skipped', [fact(1), failed(2), fact(3, { active: true })], 1],
  ['a newer one that failed is not what is live', [fact(1), fact(2, { active: true }), failed(3)], 1],
  [
    'the order of success counts, not that of creation',
    [fact(1, { at: 5 }), fact(2, { at: 3 }), fact(3, { at: 9, active: true })],
    1,
  ],
  [
    'an older one that ended last is live',
    [fact(1), fact(2, { at: 9, active: true }), fact(3, { at: 5, active: true })],
    3,
  ],
  ['within a second the ids count', [fact(1, { at: 5 }), fact(2, { at: 5 }), fact(3, { at: 5, active: true })], 2],
  [
    'deploying the same bytes is not a rollback',
    [fact(1), fact(2, { bundle: 7 }), fact(3, { bundle: 7, active: true })],
    1,
  ],
  ['nothing is active', [fact(1), fact(2)], 'no-current'],
  ['nothing before', [fact(2, { active: true })], 'nothing-before'],
  ['nothing at all', [], 'no-current'],
  [
    'a rollback goes on from what it brought back',
    [fact(1), fact(2), fact(3), fact(4, { bundle: 2, source: 2, active: true })],
    1,
  ],
  [
    'a chain of them, too',
    [
      fact(1),
      fact(2),
      fact(3),
      fact(4, { bundle: 3, source: 3 }),
      fact(5, { bundle: 2, source: 2 }),
      fact(6, { bundle: 2, source: 5, active: true }),
    ],
    1,
  ],
  [
    'after a deployment that follows a rollback, the rollback is what came before',
    [fact(1), fact(2), fact(3, { bundle: 1, source: 1 }), fact(4, { active: true })],
    3,
  ],
  ['a source that is not older is ignored', [fact(1), fact(2, { source: 2, active: true })], 1],
  ['a source in the future is none', [fact(1), fact(2, { source: 9, active: true }), fact(9)], 1],
  [
    'one that is live and broken: back to the last success, not one further',
    [fact(1), fact(2, { active: true }), broken(3)],
    2,
  ],
  ['two broken ones', [fact(1), fact(2, { active: true }), broken(3), broken(4)], 2],
  [
    'a broken one that was rolled back from is not what is live',
    [fact(1), broken(2), fact(3, { bundle: 1, source: 1, active: true })],
    'nothing-before',
  ],
  ['a broken one that a success replaced is not gone back to', [fact(1), broken(2), fact(3, { active: true })], 1],
  [
    'one that succeeded while the broken one was verified is what is live',
    [fact(1), broken(2, { at: 5 }), fact(3, { at: 20, active: true })],
    1,
  ],
  [
    'a broken one that went live while an older one was verified',
    [fact(1), broken(2, { at: 20 }), fact(3, { at: 10, active: true })],
    3,
  ],
  [
    'a broken one with the bundle of the last success',
    [fact(1), fact(2, { active: true }), broken(3, { bundle: 2 })],
    1,
  ],
  [
    'a rollback that is broken abandoned nothing',
    [fact(1), fact(2, { active: true }), broken(3, { bundle: 1, source: 1 })],
    2,
  ],
  ['the first deployment of all is broken', [broken(1)], 'nothing-before'],
  ['an unknown one is requested', [fact(4), fact(5, { source: 2, active: true })], 'ask'],
])('%s', (_, history, expected) => {
  expect(sourceOf(history)).toBe(expected);
  expect(sourceOf(history.toReversed())).toBe(expected);
});

test('a promotion is not a chain: before it came what was live here', () => {
  const history = [fact(1), fact(3), fact(4, { source: 2, active: true })];
  expect(sourceOf(history, new Map([[2, fact(2, { environment: 'preview' })]]))).toBe(3);
  expect(sourceOf(history, new Map([[2, fact(2, { project: 'other' })]]))).toBe(3);
  expect(sourceOf(history, new Map([[2, fact(2, { environment: 'Production' })]]))).toBe(1);
});

test('if the deployment that was brought back is gone, nothing after it is rolled back to', () => {
  const history = [fact(1), fact(3), fact(4, { bundle: 2, source: 2, active: true })];
  expect(sourceOf(history, new Map([[2, undefined]]))).toBe(1);
});

test('one that may be live anyway is reported', () => {
  const unsure = { ...fact(4), states: [{ state: 'error', createdAt: timeOf(4) }] };
  const of = (...more: DeploymentFact[]) => {
    const choice = chooseRollback([fact(1), fact(2, { active: true }), ...more], NOTHING);
    return choice.kind === 'found' ? choice.uncertain?.id : choice.kind;
  };
  const first = chooseRollback([fact(2, { active: true }), unsure], NOTHING);
  expect(first).toMatchObject({ kind: 'nothing-before', uncertain: { id: 4 } });
  expect(of()).toBeUndefined();
  expect(of(unsure, failed(5))).toBe(4);
  expect(of({ ...unsure, states: [] })).toBe(4);
  expect(of({ ...unsure, states: [{ state: 'inactive', createdAt: timeOf(4) }] })).toBeUndefined();
});

test('what is live without a success is current, and no uncertain one; what was good before stays known', () => {
  const history = [fact(1), fact(2, { active: true }), broken(3), failed(4)];
  const choice = chooseRollback(history, NOTHING);
  expect(choice).toMatchObject({
    kind: 'found',
    current: { id: 3 },
    source: { id: 2 },
    origin: { deployment: { id: 3 } },
  });
  expect(choice).toHaveProperty('uncertain', undefined);
  expect(findLastGood(history)?.id).toBe(2);
  expect(findLastGood([broken(3)])).toBeUndefined();
  // Only this action's own words say that it is live.
  const other = { ...broken(3), states: [{ state: 'error', description: 'It broke', createdAt: timeOf(3) }] };
  expect(findCurrent([fact(2, { active: true }), other])?.id).toBe(2);
});

/** Deploys and rolls back as given; each rollback goes where `chooseRollback` says. */
function play(steps: readonly ('deploy' | 'broken' | 'rollback')[]) {
  const history: DeploymentFact[] = [];
  /** Bundles that are live or were before it, without those that were rolled away from. */
  const stack: number[] = [];
  /** What is live does not work: the last one of the stack is what to go back to. */
  let isBroken = false;
  const add = (change: Given) => {
    const id = history.length + 1;
    for (const [index, one] of history.entries()) {
      if (one.states[0]?.state === 'success') history[index] = fact(one.id, given(one));
    }
    history.push(fact(id, { bundle: id, ...change, active: true }));
    return id;
  };
  for (const step of steps) {
    if (step === 'deploy') {
      stack.push(add({}));
      isBroken = false;
      continue;
    }
    if (step === 'broken') {
      history.push(broken(history.length + 1));
      isBroken = true;
      continue;
    }
    const choice = chooseRollback(history, NOTHING);
    if (choice.kind !== 'found') {
      expect(stack.length).toBeLessThan(isBroken ? 1 : 2);
      continue;
    }
    if (!isBroken) stack.pop();
    isBroken = false;
    expect(Number(choice.source.payload.bundleSha256)).toBe(stack.at(-1));
    add({ bundle: stack.at(-1) ?? 0, source: choice.source.id });
  }
  return { history, stack };
}

const given = ({ payload }: DeploymentFact): Given => ({
  bundle: Number(payload.bundleSha256),
  source: payload.sourceDeploymentId,
});

test('in any sequence of deployments and rollbacks, each goes back to what was live before, and never forward', () => {
  const step = fc.constantFrom('deploy' as const, 'broken' as const, 'rollback' as const);
  fc.assert(fc.property(fc.array(step, { maxLength: 20 }), (steps) => void play(steps)));
  expect(play(['deploy', 'deploy', 'deploy', 'rollback', 'rollback', 'rollback']).stack).toEqual([1]);
  expect(play(['deploy', 'deploy', 'broken', 'rollback', 'rollback']).stack).toEqual([1]);
});

const facts = fc
  .array(
    fc.record({
      at: fc.integer({ min: 1, max: 20 }),
      active: fc.boolean(),
      end: fc.constantFrom('success', 'broken', 'failed'),
      bundle: fc.integer({ min: 1, max: 4 }),
      source: fc.option(fc.integer({ min: 1, max: 15 }), { nil: undefined }),
      environment: fc.constantFrom('production', 'preview'),
    }),
    { maxLength: 12 },
  )
  .map((all) =>
    all.map(({ end, ...one }, index) => {
      if (end === 'broken') return broken(index + 1, one);
      return end === 'success' ? fact(index + 1, one) : failed(index + 1);
    }),
  );

test('with any payloads it ends, on another successful bundle from before the live one', () => {
  fc.assert(
    fc.property(facts, (history) => {
      const outside = new Map<number, DeploymentFact | undefined>();
      let choice = chooseRollback(history, outside);
      for (let asked = 0; choice.kind === 'ask'; asked += 1) {
        expect(asked).toBeLessThan(20);
        expect(outside.has(choice.id)).toBe(false);
        outside.set(choice.id, undefined);
        choice = chooseRollback(history, outside);
      }
      const current = findCurrent(history);
      expect(choice.kind === 'no-current').toBe(current === undefined);
      if (choice.kind !== 'found') return;
      expect(succeededAt(choice.source)).toBeDefined();
      expect(choice.source.payload.bundleSha256).not.toBe(current?.payload.bundleSha256);
      expect(choice.source.id).not.toBe(current?.id);
    }),
  );
});

test('a history is read until three successes are found before the decisive one', () => {
  const history = [fact(1), fact(2), failed(3), fact(4), fact(5)];
  expect(isSettled([fact(5)], history)).toBe(true);
  expect(isSettled([fact(4), fact(5)], history)).toBe(false);
  expect(isSettled([], history)).toBe(false);
});

test('kinds of deployments of an earlier bundle', () => {
  const target = { environment: 'production', project: { uuid: 'shop', name: undefined } };
  const current = fact(5, { active: true });
  expect(kindOfSource(fact(3), current, target)).toBe('rollback');
  expect(kindOfSource(fact(7), current, target)).toBe('redeploy');
  expect(kindOfSource(current, current, target)).toBe('redeploy');
  expect(kindOfSource(fact(3), undefined, target)).toBe('redeploy');
  expect(kindOfSource(undefined, current, target)).toBe('redeploy');
  expect(kindOfSource(fact(3), broken(5), target)).toBe('rollback');
  expect(kindOfSource(broken(5), broken(5), target)).toBe('redeploy');
  expect(kindOfSource(fact(3, { environment: 'preview' }), current, target)).toBe('promotion');
  expect(kindOfSource(fact(3, { project: 'other' }), current, target)).toBe('promotion');
});
