/** The name is a variable, so that types are checked also where the package is not installed. */
const PACKAGE: string = 'miniflare';

/** From the `node_modules` beside this file, which `npm run serve:install` makes. */
export function importMiniflare(): Promise<unknown> {
  return import(PACKAGE);
}
