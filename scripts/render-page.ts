/** A step summary or a comment as GitHub would show it: a page that any browser opens from disk, light or dark. */
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { marked } from 'marked';

const at = (specifier: string) => fileURLToPath(import.meta.resolve(specifier));

/** @param markdown GitHub-flavoured Markdown, Mermaid blocks included */
export function renderPage(title: string, markdown: string): string {
  const css = readFileSync(at('github-markdown-css/github-markdown.css'), 'utf8');
  const mermaid = pathToFileURL(at('mermaid').replace(/mermaid\.core\.mjs$/, 'mermaid.min.js')).href;
  const body = marked
    .parse(markdown, { gfm: true, async: false })
    .replace(/<pre><code class="language-mermaid">([\s\S]*?)<\/code><\/pre>/g, '<pre class="mermaid">$1</pre>');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${css}
body { margin: 0; background: Canvas; color-scheme: light dark; }
.markdown-body { box-sizing: border-box; max-width: 980px; margin: 0 auto; padding: 32px; }
</style>
</head>
<body class="markdown-body">
${body}
<script src="${mermaid}"></script>
<script>
const dark = matchMedia('(prefers-color-scheme: dark)').matches;
mermaid.initialize({ startOnLoad: true, theme: dark ? 'dark' : 'default' });
</script>
</body>
</html>
`;
}
