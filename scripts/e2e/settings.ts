/** Values of the variables and secrets that a workflow names, by the endings of their names. */
import type { Emulator } from '../../emulator/emulator.ts';

/** @param expression such as `vars.BIGCOMMERCE_STORE_HASH`; undefined for any that is none of these two */
export function settingOf(expression: string, emulator: Emulator): string | undefined {
  if (!/^(?:vars|secrets)\./.test(expression)) return undefined;
  const { storeHash, accessToken, projects, sitecore, origin } = emulator;
  const settings: [RegExp, string | undefined][] = [
    [/STORE_HASH$/, storeHash],
    [/PROJECT_UUID$/, projects[0]?.uuid],
    [/CHANNEL_ID$/, '1'],
    [/SITE_ID$/, '1000'],
    [/CDP_BASE_URL$/, origin],
    [/CDP_CLIENT_KEY$/, sitecore.clientKey],
    [/CDP_API_TOKEN$/, sitecore.apiToken],
    [/(?:ACCESS|READ)_TOKEN$/, accessToken],
    [/./, `value-of-${expression}`],
  ];
  return settings.find(([name]) => name.test(expression))?.[1];
}

export interface Settings {
  variables: Record<string, string>;
  secrets: Record<string, string>;
}

/** All that these workflows name, in whatever expression. */
export function findSettings(texts: readonly string[], emulator: Emulator): Settings {
  const settings: Settings = { variables: {}, secrets: {} };
  for (const [expression = '', kind, name = ''] of texts.flatMap((text) => [
    ...text.matchAll(/\b(vars|secrets)\.([A-Z]\w*)/g),
  ])) {
    const value = settingOf(expression, emulator);
    if (name === 'GITHUB_TOKEN' || value === undefined) continue;
    (kind === 'vars' ? settings.variables : settings.secrets)[name] = value;
  }
  return settings;
}
