/**
 * Formats in which other systems store redirects. To support another one, add a row: its name, how to recognise it, and
 * where it has what BigCommerce needs. The first match wins, so narrower rows come first.
 */
export interface ForeignFormat {
  /** Completes "This is the format of …". */
  name: string;
  /** How to recognise it: columns of a CSV, keys of a list item, or how a line of a text begins. */
  known:
    | { kind: 'csv'; columns: readonly string[]; lacks?: string }
    | { kind: 'list'; keys: readonly string[] }
    | { kind: 'text'; line: RegExp };
  /** Its own names for the old path and the target. In a line, the groups `from` and `to` capture them. */
  from: string;
  to: string;
  /** Only the rows that have one of these values in this column are plain redirects. */
  only?: { column: string; values: readonly string[] };
  /** Its paths have no leading slash. */
  isWithoutSlash?: true;
  /** It has wildcards, placeholders or regular expressions, which BigCommerce does not support. */
  hasPatterns?: true;
}

/** A path or a URL, up to what can separate it from the next one. */
const PLACE = String.raw`(?:\/|https?:\/\/)[^\s,;"]*`;

const UNDERSCORE_REDIRECTS = {
  from: 'the first word',
  to: 'the path or URL after it',
  only: { column: 'status', values: ['301', '302', '307', '308', 'not given'] },
  hasPatterns: true,
} as const;

/** Names of columns and keys are compared in lower case. Each row says where its format is documented. */
export const FOREIGN_FORMATS: readonly ForeignFormat[] = [
  {
    // BigCommerce's own export before storefronts had domains ("301 Redirects", support.bigcommerce.com).
    name: 'BigCommerce without the column Domain',
    known: { kind: 'csv', columns: ['old path', 'manual url/path'], lacks: 'domain' },
    from: 'Old Path',
    to: 'Manual URL/Path',
  },
  {
    // "Importing and exporting URL redirects" (help.shopify.com).
    name: 'Shopify (URL redirects)',
    known: { kind: 'csv', columns: ['redirect from', 'redirect to'] },
    from: 'Redirect from',
    to: 'Redirect to',
  },
  {
    // "Redirects" (matrixify.app/documentation).
    name: 'Matrixify (redirects of Shopify)',
    known: { kind: 'csv', columns: ['path', 'target'] },
    from: 'Path',
    to: 'Target',
  },
  {
    // The table `url_rewrite` (module-url-rewrite/etc/db_schema.xml of magento/magento2): type 0 is a page's own address.
    name: 'Magento or Adobe Commerce (URL rewrites)',
    known: { kind: 'csv', columns: ['request_path', 'target_path'] },
    from: 'request_path',
    to: 'target_path',
    only: { column: 'redirect_type', values: ['301', '302'] },
    isWithoutSlash: true,
  },
  {
    // "CSV Import/Export" (redirection.me), and fileio/csv.php of the plugin.
    name: "WordPress (the plugin Redirection's CSV)",
    known: { kind: 'csv', columns: ['source', 'target', 'regex'] },
    from: 'source',
    to: 'target',
    only: { column: 'regex', values: ['0'] },
    hasPatterns: true,
  },
  {
    // class-redirect-csv-exporter.php of the plugin.
    name: "WordPress (Yoast SEO's CSV)",
    known: { kind: 'csv', columns: ['origin', 'target', 'type', 'format'] },
    from: 'Origin',
    to: 'Target',
    only: { column: 'Format', values: ['plain'] },
    isWithoutSlash: true,
    hasPatterns: true,
  },
  {
    // "Import & Export Redirections" (rankmath.com/kb).
    name: "WordPress (Rank Math's CSV)",
    known: { kind: 'csv', columns: ['source', 'matching', 'destination'] },
    from: 'source',
    to: 'destination',
    only: { column: 'matching', values: ['exact'] },
    isWithoutSlash: true,
    hasPatterns: true,
  },
  {
    // "Bulk Redirects" (vercel.com/docs).
    name: 'Vercel (bulk redirects)',
    known: { kind: 'csv', columns: ['source', 'destination'] },
    from: 'source',
    to: 'destination',
  },
  {
    // "CSV file format" of Bulk Redirects (developers.cloudflare.com); people add the header, which Cloudflare does not
    // use.
    name: 'Cloudflare (Bulk Redirects)',
    known: { kind: 'csv', columns: ['source_url', 'target_url'] },
    from: 'source_url',
    to: 'target_url',
  },
  {
    // The same without a header: source URL, its scheme and path left out or not, target URL, status and flags.
    name: 'Cloudflare (Bulk Redirects)',
    known: {
      kind: 'text',
      line: /^"?(?<from>(?:https?:\/\/)?[a-z\d][a-z\d.-]*\.[a-z]+(?:\/[^\s,;"]*)?)"?,"?(?<to>https?:\/\/[^\s,;"]+)/i,
    },
    from: 'the first cell',
    to: 'the second cell',
  },
  {
    name: 'a CSV of old and new URLs',
    known: { kind: 'csv', columns: ['old url', 'new url'] },
    from: 'Old URL',
    to: 'New URL',
  },
  { name: 'a CSV with from and to', known: { kind: 'csv', columns: ['from', 'to'] }, from: 'from', to: 'to' },
  {
    name: 'a CSV of two columns without a header',
    known: {
      kind: 'text',
      // A status may follow them.
      line: new RegExp(`^"?(?<from>${PLACE})"?[,;\\t]"?(?<to>${PLACE})"?[,;\\t]*(?:"?30[1278]"?[,;\\t]*)?$`),
    },
    from: 'the first cell',
    to: 'the second cell',
  },
  {
    // "Redirects and rewrites" (docs.netlify.com), "Redirects" (developers.cloudflare.com/pages): `/from /to 301`.
    name: 'Netlify or Cloudflare Pages (_redirects)',
    known: {
      kind: 'text',
      line: new RegExp(`^(?<from>${PLACE})[ \\t]+(?<to>${PLACE})(?:[ \\t]+30[1278]!?)?(?:[ \\t]+#|$)`),
    },
    ...UNDERSCORE_REDIRECTS,
  },
  {
    // The same with conditions (`/from key=value /to 301 Country=us`), or with a status that is not a redirect's.
    name: 'Netlify or Cloudflare Pages (_redirects)',
    known: {
      kind: 'text',
      line: new RegExp(`^${PLACE}[ \\t]+(?:[\\w-]+=\\S+[ \\t]+)*${PLACE}(?:[ \\t]|$)`),
    },
    ...UNDERSCORE_REDIRECTS,
  },
  {
    // "URL mappings" (support.squarespace.com).
    name: 'Squarespace (URL mappings)',
    known: { kind: 'text', line: new RegExp(`^(?<from>${PLACE})[ \\t]+->[ \\t]+(?<to>${PLACE})`) },
    from: 'what is before ->',
    to: 'what follows it',
    hasPatterns: true,
  },
  {
    // "Netlify configuration file syntax" (docs.netlify.com).
    name: 'Netlify (netlify.toml)',
    known: { kind: 'text', line: /^\[\[?[a-z][\w.-]*\]\]?(?:[ \t]*#|$)/i },
    from: 'from',
    to: 'to',
    hasPatterns: true,
  },
  {
    // mod_alias and mod_rewrite (httpd.apache.org/docs).
    name: 'Apache (.htaccess)',
    known: {
      kind: 'text',
      line: /^Redirect(?:Permanent|Temp)?[ \t]+(?:\w+[ \t]+)?(?<from>\/[^\s,;]*)[ \t]+(?<to>\S+)/i,
    },
    from: 'the old path of a `Redirect`',
    to: 'the URL after it',
    hasPatterns: true,
  },
  {
    // The same, recognised by other directives.
    name: 'Apache (.htaccess)',
    known: {
      kind: 'text',
      line: /^(?:Redirect[ \t](?:\d|gone)|RedirectMatch|Rewrite[A-Z]|Options [+-]|ErrorDocument|DirectoryIndex|<If|<Files)/,
    },
    from: 'the old path of a `Redirect`',
    to: 'the URL after it',
    hasPatterns: true,
  },
  {
    // ngx_http_rewrite_module (nginx.org/en/docs).
    name: 'nginx',
    known: {
      kind: 'text',
      line: /^(?:rewrite[ \t]+\^?(?<from>\/[^\s$]*)\$?[ \t]+(?<to>\S+)[ \t]+permanent;|rewrite[ \t]|location[ \t]|server[ \t]*\{|map[ \t]+\$)/,
    },
    from: 'the old path of a `rewrite`',
    to: 'what follows it',
    hasPatterns: true,
  },
  {
    // "redirects" of next.config.js (nextjs.org/docs).
    name: 'Next.js (next.config)',
    known: {
      kind: 'text',
      line: /^(?:module\.exports\b|export default\b|(?:const|let|var)[ \t]+[\w${]|import [^\n]*\bfrom ['"]|['"]use strict['"])/,
    },
    from: 'source',
    to: 'destination',
    hasPatterns: true,
  },
  {
    // "redirects" of vercel.json (vercel.com/docs/project-configuration), and of next.config.js (nextjs.org/docs).
    name: 'Vercel or Next.js (redirects)',
    known: { kind: 'list', keys: ['source', 'destination'] },
    from: 'source',
    to: 'destination',
    hasPatterns: true,
  },
  {
    // "JSON Import/Export" (redirection.me/developer/json-export).
    name: "WordPress (the plugin Redirection's JSON)",
    known: { kind: 'list', keys: ['url', 'action_data'] },
    from: 'url',
    to: 'action_data.url',
    hasPatterns: true,
  },
  {
    // "Redirects V2" (developer.bigcommerce.com).
    name: "BigCommerce's V2 API",
    known: { kind: 'list', keys: ['path', 'forward'] },
    from: 'path',
    to: 'forward.ref',
  },
  {
    // "Redirect" of the Admin REST API (shopify.dev).
    name: "Shopify's API",
    known: { kind: 'list', keys: ['path', 'target'] },
    from: 'path',
    to: 'target',
  },
  {
    // "API JSON objects" of Bulk Redirects (developers.cloudflare.com).
    name: "Cloudflare's API (Bulk Redirects)",
    known: { kind: 'list', keys: ['redirect'] },
    from: 'redirect.source_url',
    to: 'redirect.target_url',
  },
  {
    // "createRedirect" (gatsbyjs.com/docs/reference).
    name: 'Gatsby (createRedirect)',
    known: { kind: 'list', keys: ['frompath', 'topath'] },
    from: 'fromPath',
    to: 'toPath',
  },
  { name: 'a list with from and to', known: { kind: 'list', keys: ['from', 'to'] }, from: 'from', to: 'to' },
  {
    name: "a list with the columns of BigCommerce's CSV",
    known: { kind: 'list', keys: ['old path', 'manual url/path'] },
    from: 'Old Path',
    to: 'Manual URL/Path',
  },
];

/** The format of a CSV with this header. */
export function formatOfHeader(cells: readonly string[]): ForeignFormat | undefined {
  const names = new Set(cells.map(nameOf));
  return FOREIGN_FORMATS.find(
    ({ known }) =>
      known.kind === 'csv' &&
      known.columns.every((column) => names.has(column)) &&
      !(known.lacks !== undefined && names.has(known.lacks)),
  );
}

/** The format of a list whose items have these keys. */
export function formatOfItem(keys: readonly string[]): ForeignFormat | undefined {
  const names = new Set(keys.map(nameOf));
  return FOREIGN_FORMATS.find(({ known }) => known.kind === 'list' && known.keys.every((key) => names.has(key)));
}

/** The format of a text by a line of it, and the redirect that the line holds, if it holds one. */
export function formatOfLine(
  line: string,
): { format: ForeignFormat; from: string | undefined; to: string | undefined } | undefined {
  for (const format of FOREIGN_FORMATS) {
    if (format.known.kind !== 'text') continue;
    const match = format.known.line.exec(line);
    if (match !== null) return { format, from: match.groups?.['from'], to: match.groups?.['to'] };
  }
  return undefined;
}

/** A column's or key's name, for comparing. */
export function nameOf(text: string): string {
  return text.trim().toLowerCase();
}
