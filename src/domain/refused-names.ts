/**
 * Names that must never be public, in any case of letters, since `.ENV` and `.env` are one file on macOS and Windows.
 * Each is a tool's name for its own store of credentials, which a storefront never needs: a generic word
 * (`credentials.json`, `config`) is not among them; the content of such a file is searched instead.
 */

interface RefusedGroup {
  /** Regular expressions of one part of a path, or of a few with slashes between; without anything that looks around. */
  paths: readonly string[];
  /** A sentence that follows the name. */
  reason: string;
}

const KEY_STORES = 'p12|pfx|jks|keystore|ppk|kdbx';

const GROUPS: readonly RefusedGroup[] = [
  {
    paths: [String.raw`\.env[^/]*`, String.raw`\.dev\.vars[^/]*`],
    reason: 'environment files are not deployed; they often hold secrets.',
  },
  {
    paths: [String.raw`\.(?:git|hg|svn)`],
    reason: "a repository's own data is not deployed; it holds its history and may hold credentials.",
  },
  {
    paths: [
      String.raw`\.(?:npmrc|yarnrc|yarnrc\.yml|pypirc|gemrc)`,
      String.raw`\.(?:bundle/config|composer/auth\.json|m2/settings\.xml|nuget/nuget\.config)`,
      String.raw`\.(?:cargo|gem)/credentials(?:\.toml)?`,
    ],
    reason: 'settings of package managers are not deployed; they often hold tokens of a registry.',
  },
  {
    paths: [
      '[._]netrc',
      String.raw`\.(?:git-credentials|gitconfig|htpasswd|pgpass|my\.cnf|mylogin\.cnf|s3cfg|boto|vault-token|terraformrc|sentryclirc)`,
      // BigCommerce's own tool for other themes.
      String.raw`secrets\.stencil\.json`,
      String.raw`\.(?:aws|ssh|kube|gnupg|azure|oci|wrangler|cloudflared)`,
      String.raw`\.docker/config\.json|\.dockercfg|\.terraform\.d/credentials\.tfrc\.json`,
      String.raw`\.config/(?:gcloud|gh|hub|configstore|rclone|doctl|stripe|git/credentials)`,
    ],
    reason: 'credentials of a tool are not deployed.',
  },
  {
    paths: ['id_(?:rsa|dsa|ecdsa|ecdsa_sk|ed25519|ed25519_sk)'],
    reason: 'private keys of SSH are not deployed.',
  },
  {
    paths: [String.raw`[^/]*\.(?:${KEY_STORES})`],
    reason: 'key stores are not deployed; they hold private keys or passwords.',
  },
  {
    paths: [
      String.raw`\.(?:ba|z|fi)?sh_history`,
      String.raw`\.(?:psql|mysql|sqlite|python|node_repl|rediscli)_history`,
    ],
    reason: 'histories of commands are not deployed; they often hold passwords.',
  },
];

/** Each with the expression that finds it in a path, with the slashes before and after it, if any. */
export const REFUSED_RULES = GROUPS.map(({ paths, reason }) => ({ expression: within(paths), reason }));

function within(paths: readonly string[]): RegExp {
  return new RegExp(`(?:^|/)(?:${paths.join('|')})(?:/|$)`, 'i');
}

/** Every match of a rule contains a match of this expression: how a part of the path begins, or how one ends. */
const REFUSABLE = new RegExp(String.raw`(?:^|/)(?:\.|_netrc|id_|secrets\.)|\.(?:${KEY_STORES})(?:/|$)`, 'i');

/**
 * Whether a rule may match this path; if not, none does. Almost every path is settled by this one expression, so that
 * those of the rules are seldom run, or even compiled.
 */
export function mayBeRefused(name: string): boolean {
  return REFUSABLE.test(name);
}
