/** Options of which each may be left out. */
export type OptionsOf<Settings extends object> = { [Name in keyof Settings]?: Settings[Name] | undefined };

/** All settings, from the options that were given. An option that is undefined counts as not given. */
export function withDefaults<Settings extends object>(defaults: Settings, options: OptionsOf<Settings>): Settings {
  const given = Object.entries(options).filter(([name, value]) => value !== undefined && name in defaults);
  return { ...defaults, ...Object.fromEntries(given) };
}
