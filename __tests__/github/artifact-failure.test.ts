/** Why a bundle could not be stored: the words, the advice, and when another try may help. */
import { expect, test } from '@jest/globals';
import { type ArtifactFault, createArtifactError } from '../../src/github/artifact-failure.ts';

const refused = (message: string, more: object = {}): ArtifactFault => ({
  ...{ kind: 'refused', message, code: undefined, status: undefined, answered: undefined },
  ...more,
});
const NETWORK = "could not be sent: the connection to GitHub's artifact service failed";

test.each<[ArtifactFault, string, string, string]>([
  [
    { kind: 'enterprise-server', serverUrl: 'https://ghes' },
    'do not exist on GitHub Enterprise Server (https://ghes)',
    '`bundle-path`',
    'never',
  ],
  [
    { kind: 'no-service' },
    'There is no artifact service here: ACTIONS_RUNTIME_TOKEN',
    '`upload-artifact: false`',
    'never',
  ],
  [
    { kind: 'bad-name', reason: 'it has a slash' },
    '"a.zip" cannot be the name of an artifact: it has a slash.',
    '`artifact-name`',
    'never',
  ],
  [
    { kind: 'unreadable', path: '/z', cause: new Error('gone') },
    'The zip /z could not be read: gone.',
    'disk of the runner',
    'never',
  ],
  [{ kind: 'unreadable', path: '/z', cause: 'odd' }, 'could not be read: odd.', 'disk of the runner', 'never'],
  [{ kind: 'timed-out', timeoutMs: 61_400 }, 'did not finish within 61 s and was given up', 'githubstatus', 'later'],
  [
    { kind: 'damaged', sha256: 'aa', digest: undefined },
    'its SHA-256 is not given, that of the zip is aa.',
    'Do not use this artifact.',
    'never',
  ],
  [{ kind: 'damaged', sha256: 'aa', digest: 'bb' }, 'its SHA-256 is bb, that', 'Do not use this artifact.', 'never'],
  [{ kind: 'ended', reason: 'no end' }, 'a.zip broke off: no end.', 'debug logging', 'now'],
  [
    refused('Artifact storage quota has been hit'),
    'quota for artifacts is used up',
    '`artifact-retention-days`',
    'never',
  ],
  [refused('Insufficient usage'), 'quota for artifacts is used up', '6 to 12 hours', 'never'],
  [refused('(409) Conflict'), 'This run already has an artifact named a.zip.', 'no other step or job', 'never'],
  [refused('it already exists'), 'This run already has an artifact named a.zip.', '`artifact-name`', 'never'],
  [refused('Unable to make request: ECONNRESET'), `${NETWORK} (ECONNRESET)`, 'ACTIONS_RESULTS_URL', 'now'],
  [refused('x', { code: 'ENOTFOUND' }), `${NETWORK} (ENOTFOUND)`, '*.blob.core.windows.net', 'now'],
  [refused('x DEPTH_ZERO_SELF_SIGNED_CERT'), `${NETWORK} (DEPTH_ZERO_SELF_SIGNED_CERT)`, 'HTTPS_PROXY', 'now'],
  [refused('socket hang up'), `${NETWORK} (socket hang up)`, 'HTTPS_PROXY', 'now'],
  [refused('Upload progress stalled.'), `${NETWORK} (no answer)`, 'HTTPS_PROXY', 'now'],
  [refused('tunneling socket could not be established'), 'was not accepted: tunneling socket', 'githubstatus', 'never'],
  [refused('No', { answered: 502 }), 'was not accepted: status 502, No.', '`upload-artifact: false`', 'later'],
  [refused('Failed: (401) Bad!'), 'was not accepted: Failed: (401) Bad!', 'githubstatus', 'now'],
  [refused('x', { status: 403 }), 'was not accepted: x.', 'githubstatus', 'now'],
  [refused('Failed: (403) No.'), 'was not accepted: Failed: (403) No.', 'githubstatus', 'never'],
  [refused('Failed: (429) No.'), 'Failed: (429) No.', 'githubstatus', 'later'],
  [refused('Failed: (400) No.'), 'Failed: (400) No.', 'githubstatus', 'never'],
  [refused('Unexpected end of JSON input'), 'the answer had no content', 'githubstatus', 'later'],
  [refused(`Unexpected token '<', "<html>" is not valid JSON`), 'an HTML page came', 'githubstatus', 'later'],
  [refused(`Unexpected token '\u001f', "x" is not valid JSON`), 'gzip data came', 'githubstatus', 'later'],
  [refused(`Unexpected token 'a', "abc" is not valid JSON`), `token 'a', "abc" is not valid`, 'githubstatus', 'later'],
])('%j', (fault, message, fix, retry) => {
  const error = createArtifactError('a.zip', fault);
  expect(error.message).toContain(message);
  expect(error.fix).toContain(fix);
  expect(error).toMatchObject({ retry, transient: retry !== 'never', title: 'Artifact not stored' });
});

test('only a lost answer to the last request may have left an artifact', () => {
  const mayBeThere = (fault: ArtifactFault) => createArtifactError('a.zip', fault).mayBeThere;
  expect(mayBeThere(refused('Failed to FinalizeArtifact: (502) x'))).toBe(true);
  expect(mayBeThere(refused('Failed to CreateArtifact: (502) x'))).toBe(false);
  expect(mayBeThere(refused('Failed to FinalizeArtifact: (400) x'))).toBe(false);
  expect(mayBeThere({ kind: 'timed-out', timeoutMs: 1 })).toBe(true);
  expect(mayBeThere({ kind: 'no-service' })).toBe(false);
});

test('long words are cut', () => {
  const { message } = createArtifactError('a.zip', refused('x'.repeat(600)));
  expect(message).toBe(`The artifact a.zip was not accepted: ${'x'.repeat(500)}…`);
});
