/** The preview gate on GitHub Enterprise Server, and behind a network that knows no other host. */
import { expect, test } from '@jest/globals';
import { closedNetwork } from './closed-network.ts';
import {
  COMMANDER,
  checksOf,
  commentEvent,
  decisionOf,
  gate,
  onPush,
  previewComment,
  takeAway,
} from './gate-harness.ts';
import { githubPlatform } from './github-harness.ts';
import { warningsOf } from './harness.ts';

test('everything goes to the server, and all links lead there', async () => {
  const emulator = await githubPlatform();
  const { host, port } = new URL(emulator.origin);
  const network = closedNetwork({ [host]: Number(port) });
  const given = { emulator, enterprise: true, env: network.env };
  emulator.github.addPullRequest({ number: 12 });
  emulator.github.setRole(COMMANDER, 'write');
  const { name, payload } = commentEvent(emulator);
  const command = await gate({ ...given, event: { name, payload }, inputs: { 'keep-check-open': 'true' } });
  expect(decisionOf(command)).toEqual({ deploy: 'true', reason: 'takeover' });
  const claimed = previewComment(emulator)?.body ?? '';
  takeAway(emulator);
  const push = await onPush(given);
  expect(decisionOf(push)).toEqual({ deploy: 'false', reason: 'not-newest' });
  const after = await gate({ ...given, event: { name, payload }, postOf: command.state });
  expect(warningsOf(after) + warningsOf(command) + warningsOf(push)).toBe('');
  expect(checksOf(emulator)).toMatchObject([{ status: 'completed', conclusion: 'cancelled' }]);
  for (const { call, path } of emulator.requests) {
    expect(path).toMatch(call === 'github.graphql' ? /^\/api\/graphql$/ : /^\/api\/v3\/repos\/acme\/storefront\//);
  }
  expect(network.targets()).toEqual([host]);
  const shown = [claimed, previewComment(emulator)?.body, command.summary, push.summary];
  const links = shown.flatMap((text) => [...(text ?? '').matchAll(/href="([^"]+)"/g)].map(([, url = '']) => url));
  expect(links.length).toBeGreaterThan(6);
  for (const link of links)
    expect(link.replaceAll('&#38;', '&').startsWith(`${emulator.origin}/acme/storefront/`)).toBe(true);
});
