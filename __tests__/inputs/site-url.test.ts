import { describe, expect, test } from '@jest/globals';
import { problemsOf, read, VALID } from './helpers.ts';

const WANTED = { 'update-site-url': 'true', 'channel-id': '3' };

describe('update-site-url', () => {
  test('is off unless it is given, and what belongs to it is ignored then', () => {
    expect(read({})).toMatchObject({ inputs: { siteUrl: 'off' }, warnings: [] });
    expect(read({ 'channel-id': '3', 'site-url': 'shop.example' })).toMatchObject({
      inputs: { siteUrl: 'off' },
      warnings: [
        'channel-id: it is ignored, since `update-site-url` is false.',
        'site-url: it is ignored, since `update-site-url` is false.',
      ],
    });
  });

  test.each([
    ['', undefined],
    ['https://www.example.com', 'https://www.example.com'],
    ['https://www.example.com/', 'https://www.example.com'],
    ['WWW.Example.com', 'https://www.example.com'],
    ['shop.example:8443', 'https://shop.example:8443'],
    ['http://shop.localhost:8788', 'http://shop.localhost:8788'],
  ])('takes the channel, and the address %j', (text, url) => {
    const { inputs, warnings } = read({ ...WANTED, 'site-url': text });
    expect(inputs.siteUrl).toEqual({ channelId: 3, url });
    expect(warnings).toEqual([]);
  });

  test.each([
    ['http://shop.example', 'is not https'],
    ['ftp://shop.example', 'is neither https nor http'],
    ['https://user:pass@shop.example', 'holds credentials'],
    ['https://shop.example/de', 'holds a path'],
    ['https://shop.example/?a=b', 'holds a query or a fragment'],
    ['https:///shop.example', 'is not a host or a URL'],
    ['shop example', 'is not a host or a URL'],
    ['shop', 'is not a public host name'],
    ['http://127.0.0.1', 'is not https'],
  ])('refuses the address %j', (text, reason) => {
    const [problem, ...others] = problemsOf({ ...WANTED, 'site-url': text });
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ input: 'site-url', problem: expect.stringContaining(reason) });
    expect(JSON.stringify(problem)).not.toContain('user:pass');
  });

  test.each([
    [{ ...WANTED, 'update-site-url': 'yes' }, ['update-site-url']],
    [{ 'update-site-url': 'true' }, ['channel-id']],
    [{ ...WANTED, 'channel-id': '0' }, ['channel-id']],
    [{ ...WANTED, 'channel-id': '-1' }, ['channel-id']],
    [{ ...WANTED, 'channel-id': '1.5' }, ['channel-id']],
    [{ ...WANTED, 'channel-id': 'x', 'site-url': 'x y' }, ['channel-id', 'site-url']],
    // What is wrong is wrong, even where it would be ignored.
    [{ 'channel-id': 'x' }, ['channel-id']],
  ])('%j is wrong in %j', (inputs, wrong) => {
    expect(problemsOf(inputs).map(({ input }) => input)).toEqual(wrong);
  });

  test.each(['shared', 'isolated'])('is an error in a preview (%s)', (preview) => {
    const env = { GITHUB_REPOSITORY: 'acme/shop' };
    const { 'project-uuid': uuid = '', ...others } = VALID as Record<string, string>;
    const project = preview === 'shared' ? { 'project-uuid': uuid } : { 'project-uuid': '' };
    const problems = problemsOf({ ...others, ...project, ...WANTED, preview, 'pull-request': '7' }, { env });
    expect(problems).toEqual([
      {
        input: 'update-site-url',
        problem: `It is true, and \`preview\` is "${preview}": it would send the shoppers of the channel to a preview.`,
        remedy: 'Set it to `true` for production alone.',
      },
    ]);
  });
});
