/** What stands in front of a storefront, the committed action against storefronts written by hand. */
import { describe, expect, test } from '@jest/globals';
import { createCertificate } from '../../emulator/certificate.ts';
import { temporaryFolder } from '../clean-up.ts';
import { startTlsStorefront } from '../storefront/helpers.ts';
import { warningsOf } from './harness.ts';
import { deployVerified, HEALTHY_PAGE, listen, redirect, verifiedPlatform } from './verify-harness.ts';

describe('what is in front of a storefront', () => {
  const challenge = () => (_: unknown, response: import('node:http').ServerResponse) =>
    void response.writeHead(403, { 'cf-mitigated': 'challenge' }).end('<title>Just a moment...</title>');

  test.each([
    ['a password (401)', () => 401],
    ['a bot challenge', challenge],
    ['a page for a password', () => '<form><input type="password" name="password"></form>'],
  ])('%s: nobody knows, nothing is rolled back, and a warning says what would help', async (_, answer) => {
    const { emulator } = await verifiedPlatform((path, build) => (build === 1 ? answer() : path === '/' ? 200 : 404));
    const run = await deployVerified({ emulator, inputs: { 'on-verify-failure': 'rollback' } });
    expect(run.exitCode).toBe(0);
    expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'inconclusive' });
    expect(warningsOf(run)).toContain('verify-headers');
    expect(emulator.deployments).toHaveLength(1);
  });

  test('a password that `verify-headers` has: it is masked, and goes to no other host', async () => {
    const others: unknown[] = [];
    const other = await listen((request, response) => {
      others.push(request.headers['x-let-me-in']);
      response.end(HEALTHY_PAGE);
    });
    const { emulator, shop } = await verifiedPlatform((path) => (request, response) => {
      if (request.headers['x-let-me-in'] !== 'open-sesame-1234') return void response.writeHead(401).end();
      if (path === '/moved') return void response.writeHead(302, { location: `http://www.localhost:${other}/` }).end();
      response.end(path === '/BUILD_ID' ? 'build-1' : HEALTHY_PAGE);
    });
    emulator.projects[0]?.deploymentHostnames.push(`www.localhost:${other}`);
    const inputs = { 'verify-headers': 'X-Let-Me-In: open-sesame-1234', 'verify-paths': '/\n/moved' };
    const run = await deployVerified({ emulator, inputs });
    expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'healthy' });
    expect(others.length).toBeGreaterThan(1);
    expect(new Set(others)).toEqual(new Set([undefined]));
    expect(run.masks).toContain('open-sesame-1234');
    expect(run.everything).not.toContain('open-sesame-1234');
    expect(shop.requests.every(({ headers }) => headers['x-auth-token'] === undefined)).toBe(true);
  });

  test('a certificate that nobody trusts: not reached, which says nothing', async () => {
    const certificate = await createCertificate(temporaryFolder());
    const { port } = await startTlsStorefront(certificate, (_, response) => response.end(HEALTHY_PAGE));
    const { emulator } = await verifiedPlatform((path) =>
      path === '/' ? redirect(`https://secure.localhost:${port}/`) : 200,
    );
    emulator.projects[0]?.deploymentHostnames.push(`secure.localhost:${port}`);
    const inputs = { 'verify-timeout-seconds': '2', 'on-verify-failure': 'rollback' };
    const run = await deployVerified({ emulator, inputs });
    expect(run.exitCode).toBe(0);
    expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'inconclusive' });
    expect(warningsOf(run)).toMatch(/certificate/);
    expect(emulator.deployments).toHaveLength(1);
  });

  test('a redirect to a host that is none of the storefront is not followed', async () => {
    let asked = 0;
    const foreign = await listen((_, response) => {
      asked += 1;
      response.end();
    });
    const { emulator } = await verifiedPlatform((path) =>
      path === '/' ? redirect(`http://127.0.0.1:${foreign}/login?token=abc`) : 200,
    );
    const run = await deployVerified({ emulator, inputs: { 'verify-timeout-seconds': '2' } });
    expect(run.outputs).toMatchObject({ outcome: 'deployed', verification: 'inconclusive' });
    expect(warningsOf(run)).toContain(`127.0.0.1:${foreign}`);
    expect(run.everything).not.toContain('token=abc');
    expect(asked).toBe(0);
  });
});
