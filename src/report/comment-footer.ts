/**
 * The user's own Markdown at the end of a comment. It comes last, so that nothing it opens, and nothing it closes, can be
 * around anything else. The comment's hidden lines are HTML comments, so it may have none. Pure.
 */
export function renderFooter(markdown: string): string {
  return markdown.trim().replaceAll('<!', '&lt;!').toWellFormed();
}
