/** BigCommerce's own tool, as the benchmark and the tests run it. */
import type { Emulator } from '../emulator/emulator.ts';

/**
 * The environment of `catalyst deploy` against the embedded platform, without telemetry. Of this process's environment
 * it only has the path to programs.
 * @param home where the tool stores its settings
 */
export function vendorToolEnvironment(emulator: Emulator, home: string): Record<string, string | undefined> {
  const { PATH, SystemRoot } = process.env;
  return {
    PATH,
    SystemRoot,
    HOME: home,
    XDG_CONFIG_HOME: home,
    APPDATA: home,
    CI: 'true',
    CATALYST_TELEMETRY_DISABLED: '1',
    NODE_EXTRA_CA_CERTS: emulator.certificatePath,
    CATALYST_API_HOST: emulator.apiHost,
    CATALYST_STORE_HASH: emulator.storeHash,
    CATALYST_ACCESS_TOKEN: emulator.accessToken,
    CATALYST_PROJECT_UUID: emulator.projects[0]?.uuid,
  };
}
