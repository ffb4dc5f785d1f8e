import { expect, test } from '@jest/globals';
import { likelySecrets } from '../../src/domain/variables.ts';

test('secrets by their names, of plain variables and of the environment', () => {
  const variables = [
    { type: 'plain_text' as const, key: 'BIGCOMMERCE_STOREFRONT_TOKEN', value: 'the-storefront-token' },
    { type: 'plain_text' as const, key: 'NEXT_PUBLIC_TOKEN', value: 'known-to-every-browser' },
    { type: 'plain_text' as const, key: 'BIGCOMMERCE_CHANNEL_ID', value: '1234567890' },
  ];
  const env = {
    ACTIONS_RUNTIME_TOKEN: 'the-runtime-token',
    AUTH_SECRET: 'the-auth-secret',
    SMTP_PASSWORD: 'development',
    SHORT_TOKEN: 'short',
    EMPTY_SECRET: undefined,
    RUNNER_NAME: 'a-runner-of-ours',
    'INPUT_ACCESS-TOKEN': 'known-to-the-run',
  };
  expect(likelySecrets(variables, env)).toEqual(['the-storefront-token', 'the-runtime-token', 'the-auth-secret']);
});
