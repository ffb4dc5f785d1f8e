/** A step summary or a comment as GitHub would show it: a page that any browser can open from disk, light or dark. */
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { marked } from 'marked';

const at = (specifier: string) => fileURLToPath(import.meta.resolve(specifier));

/** What GitHub puts around the text: nothing for a summary, a box for a comment on a pull request. */
export type PageFrame = 'summary' | 'comment';

/** A picture of the page is cropped to this element. */
export const CONTENT_ID = 'content';

const STYLES = `
body { margin: 0; background: var(--bgColor-default); color-scheme: light dark; }
#${CONTENT_ID} { box-sizing: border-box; max-width: 980px; margin: 0 auto; padding: 32px; }
#${CONTENT_ID} > :first-child { margin-top: 0; }
#${CONTENT_ID}.comment { display: flex; gap: 16px; max-width: 900px; padding: 16px; font-size: 14px; }
.comment svg { flex: none; width: 40px; height: 40px; border-radius: 50%; color: var(--fgColor-muted); background: var(--bgColor-muted); box-shadow: 0 0 0 1px var(--borderColor-default); }
.comment .box { flex: 1; min-width: 0; border: 1px solid var(--borderColor-default); border-radius: 6px; }
.comment .bar { padding: 8px 16px; color: var(--fgColor-muted); background: var(--bgColor-muted); border-bottom: 1px solid var(--borderColor-default); border-radius: 6px 6px 0 0; }
.comment .bar b { color: var(--fgColor-default); font-weight: 600; }
.comment .bar i { margin: 0 4px; padding: 1px 6px; font-style: normal; font-size: 12px; border: 1px solid var(--borderColor-default); border-radius: 2em; }
.comment .text { padding: 16px; }
.comment .text > :first-child { margin-top: 0; }
.comment .text > :last-child { margin-bottom: 0; }
@media (max-width: 600px) { #${CONTENT_ID}.comment { padding: 8px; } .comment svg { display: none; } }
`;

const AVATAR =
  '<svg viewBox="0 0 40 40" fill="none" stroke="currentColor" stroke-width="2.5"><circle cx="20" cy="20" r="10"/><path fill="currentColor" stroke="none" d="M17 14.5v11l8.5-5.5z"/></svg>';

const MERMAID = '<pre class="mermaid">';

/** @param markdown GitHub-flavoured Markdown, Mermaid blocks included */
export function renderPage(title: string, markdown: string, frame: PageFrame = 'summary'): string {
  const css = readFileSync(at('github-markdown-css/github-markdown.css'), 'utf8');
  const text = marked
    // In a comment, unlike in a file, GitHub renders each line break.
    .parse(markdown, { gfm: true, breaks: frame === 'comment', async: false })
    .replace(/<pre><code class="language-mermaid">([\s\S]*?)<\/code><\/pre>/g, `${MERMAID}$1</pre>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${css}${STYLES}</style>
</head>
<body class="markdown-body">
<div id="${CONTENT_ID}" class="${frame}">
${frame === 'comment' ? commentBox(text) : text}
</div>
${text.includes(MERMAID) ? drawing() : ''}
</body>
</html>
`;
}

/** Draws the diagrams; it takes a while to load, so a page without one goes without it. */
function drawing(): string {
  const mermaid = pathToFileURL(at('mermaid').replace(/mermaid\.core\.mjs$/, 'mermaid.min.js')).href;
  return `<script src="${mermaid}"></script>
<script>
const dark = matchMedia('(prefers-color-scheme: dark)').matches;
mermaid.initialize({ startOnLoad: true, theme: dark ? 'dark' : 'default' });
</script>`;
}

function commentBox(text: string): string {
  return `${AVATAR}
<div class="box">
<div class="bar"><b>github-actions</b> <i>bot</i> commented</div>
<div class="text">
${text}
</div>
</div>`;
}
