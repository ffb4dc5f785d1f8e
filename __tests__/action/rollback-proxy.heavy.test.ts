/** A rollback behind a real proxy, and no other way out: the history, the artifact and the deployment go through it. */
import { expect } from '@jest/globals';
import { onGitHub } from './github-harness.ts';
import { callsOf } from './harness.ts';
import { proxied } from './proxied-run.ts';
import { build, deployedBy, liveBundle, rollBack } from './rollback-harness.ts';
import { withTinyproxy } from './tinyproxy.ts';

withTinyproxy.each(['HTTPS_PROXY', 'https_proxy'])('a rollback goes through %s alone', async (variable) => {
  const { emulator, proxy, network, run } = await proxied({ tls: true });
  const variables = { [variable]: proxy.url };
  const one = deployedBy(await onGitHub({ ...run(variables), workspace: build('one') }));
  const { runId, runtimeToken } = emulator.artifacts.addRun();
  const other = { GITHUB_RUN_ID: String(runId), ACTIONS_RUNTIME_TOKEN: runtimeToken };
  await onGitHub({ ...run({ ...variables, ...other }), workspace: build('two') });
  const { inputs, env } = run(variables);
  const rolledBack = await rollBack({ emulator, ...(inputs && { inputs }), ...(env && { env }) });
  expect(rolledBack.outputs).toMatchObject({ outcome: 'deployed' });
  expect(liveBundle(emulator)).toBe(one.sha256);
  expect(callsOf(emulator)).toContain('artifacts.getBlob');
  expect(network.targets()).toEqual([`127.0.0.1:${proxy.port}`]);
});
