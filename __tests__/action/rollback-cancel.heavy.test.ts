/** A rollback that is cancelled: gone in time, truthful, nothing left open, and no half of a file. */
import { readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { Call } from '../../emulator/services.ts';
import { endRunAt, expectIdle, expectTruth, type Moment, openDeployments } from './github-cancel-harness.ts';
import { statesOf } from './github-harness.ts';
import { failureOf } from './harness.ts';
import { liveBundle, platformWith, rollBack, rollbackRun } from './rollback-harness.ts';

interface RollbackMoment extends Pick<Moment, 'remote' | 'closed'> {
  name: string;
  /** The call that never gets an answer. */
  hangs?: Call;
  arrange?: (emulator: Emulator) => void;
  call?: Call;
  /** The zip is there already. */
  hasFile?: boolean;
}

const MOMENTS: readonly RollbackMoment[] = [
  { name: 'while the history is read', hangs: 'github.listDeployments', remote: 'as it was', closed: undefined },
  { name: 'while states are read', hangs: 'github.listDeploymentStatuses', remote: 'as it was', closed: undefined },
  { name: 'while the artifact is read', hangs: 'github.getArtifact', remote: 'as it was', closed: undefined },
  { name: 'while its address is asked for', hangs: 'github.downloadArtifact', remote: 'as it was', closed: undefined },
  { name: 'while the store does not answer', hangs: 'artifacts.getBlob', remote: 'as it was', closed: undefined },
  {
    name: 'in the middle of the download',
    arrange: (emulator) => emulator.addFault({ call: 'artifacts.getBlob', effect: 'slow-body', delayMs: 200 }),
    call: 'artifacts.getBlob',
    remote: 'as it was',
    closed: undefined,
  },
  {
    name: 'while the bundle is stored',
    hangs: 'artifacts.create',
    remote: 'as it was',
    closed: undefined,
    hasFile: true,
  },
  {
    name: 'while it is set to in_progress',
    hangs: 'github.createDeploymentStatus',
    remote: 'as it was',
    closed: 'inactive',
    hasFile: true,
  },
  { name: 'while signing', hangs: 'sign', remote: 'as it was', closed: 'inactive', hasFile: true },
  {
    name: 'while uploading',
    arrange: (emulator) => emulator.addFault({ call: 'upload', effect: 'stall-upload', afterBytes: 0 }),
    call: 'upload',
    remote: 'as it was',
    closed: 'inactive',
    hasFile: true,
  },
  { name: 'while creating', hangs: 'createDeployment', remote: 'uncertain', closed: 'error', hasFile: true },
  {
    name: 'while following',
    arrange: (emulator) => emulator.holdDeployments('deploying'),
    call: 'events',
    remote: 'continues',
    closed: 'error',
    hasFile: true,
  },
];

test.each(MOMENTS.map((moment) => [moment.name, moment] as const))('cancelled %s', async (_, moment) => {
  const { emulator } = await platformWith(['one', 'two']);
  const before = emulator.requests.length;
  if (moment.hangs !== undefined) emulator.addFault({ call: moment.hangs, effect: 'hang', times: 'always' });
  moment.arrange?.(emulator);
  const wanted = moment.hangs ?? moment.call;
  const reached = () => emulator.waitForRequest(({ call, index }) => call === wanted && index >= before);
  const { main, post } = await endRunAt(rollbackRun({ emulator }), reached, 'SIGINT');
  expect({ exitCode: main.exitCode, signal: main.signal }).toEqual({ exitCode: 1, signal: null });
  expect(main.cancelMs).toBeLessThan(5000);
  expect(main.outputs['outcome']).toBe('cancelled');
  expect(main.summary).toContain('🚫 Deployment cancelled');
  const uuid = emulator.deployments[2]?.deploymentUuid ?? 'none';
  expectTruth(failureOf(main).message, moment.remote, uuid, false);
  const zips = readdirSync(main.runnerTemp).filter((name) => name.endsWith('.zip'));
  expect(zips).toHaveLength(moment.hasFile === true ? 1 : 0);
  const isDone =
    main.state['github-status'] === undefined || JSON.parse(main.state['github-status'] ?? '').isClosed === true;
  const requests = emulator.requests.length;
  const after = await post();
  if (isDone) expectIdle(after, requests, emulator);
  expect(openDeployments(emulator)).toEqual([]);
  const states = statesOf(emulator);
  expect(states.slice(1).map((each) => each.at(-1))).toEqual(['success', ...(moment.closed ? [moment.closed] : [])]);
});

test('a rollback that was killed is closed by the post step, and the next one knows what is live', async () => {
  const { emulator, deployed } = await platformWith(['one', 'two']);
  emulator.holdDeployments('deploying');
  const before = emulator.requests.length;
  const reached = () => emulator.waitForRequest(({ call, index }) => call === 'events' && index >= before);
  const { post } = await endRunAt(rollbackRun({ emulator }), reached, 'SIGKILL');
  expect(openDeployments(emulator)).toHaveLength(1);
  const after = await post();
  expect(after.exitCode).toBe(1);
  expect(after.summary).toContain('🚫');
  expect(openDeployments(emulator)).toEqual([]);
  emulator.holdDeployments(undefined);
  emulator.releaseDeployment();
  await emulator.waitForDeployment(({ status, deploymentUuid }) => {
    return status === 'completed' && deploymentUuid === emulator.deployments[2]?.deploymentUuid;
  });
  await rollBack({ emulator });
  expect(liveBundle(emulator)).toBe(deployed[0]?.sha256);
});
