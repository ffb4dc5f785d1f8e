/** Shows what React's error boundary shows in the browser where the server's part of a page has failed. */
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
const failed = [];
while (walker.nextNode()) if (walker.currentNode.data === '$!') failed.push(walker.currentNode);
for (const mark of failed) {
  const fallback = mark.nextElementSibling?.nextElementSibling;
  if (!fallback) continue;
  fallback.className = 'failed';
  fallback.textContent = 'There was a server error!';
}
