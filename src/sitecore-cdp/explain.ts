/** What an error status of the Batch API, or of its storage, means for the user (API document, section 3). */

const SUPPORT = 'give Sitecore support the ref of the batch and the correlation id';

/** @returns what the user can do about an HTTP status of the Batch API */
export function explainApiError(status: number): string {
  switch (status) {
    case 401:
      return 'Make sure that `client-key` and `api-token` are both those of the same Sitecore CDP instance, that the token was not renewed since, and that `base-url` is the one of its region.';
    case 403:
      return 'The client key and the API token are valid, but may not use the Batch API here. Make sure that they belong to the instance of the region that `base-url` names, and that this instance has access to the Batch API; otherwise ask Sitecore support.';
    case 404:
      return 'Check `base-url`: is it the API of the region of your instance, such as https://api-engage-eu.sitecorecloud.io?';
    case 400:
    case 422:
      return `The service rejected the request: check what it names. If it names nothing, ${SUPPORT}.`;
    case 409:
      return 'The service already has a batch with this ref. Leave `batch-ref` empty to use a new one; a given ref only resumes a batch of the same file.';
    case 413:
      return 'The service, or a proxy before it, accepts less data than was sent, although a request to the API is small. Check `base-url` and the proxy settings of the runner.';
    case 429:
      return 'The rate limit of the instance did not clear in time. Run the job again later, or run fewer jobs at the same time.';
    default:
      if (status >= 500) {
        return `Run the job again; if the problem persists, check Sitecore's status page and ${SUPPORT}.`;
      }
      if (status >= 300 && status < 400) {
        return 'Check `base-url`: the API itself does not redirect, so it is not the API of your region, or lacks https.';
      }
      return `Run the job again with debug logging; if the problem persists, ${SUPPORT}.`;
  }
}

/** The same for the upload to storage. */
export function explainUploadError(status: number): string {
  if (status === 413) return 'Storage does not accept a file of this size: split it into smaller ones.';
  if (status >= 500 || status === 429) return 'Storage failed. Run the job again.';
  return `Storage rejected the upload. Run the job again; if the problem persists, check whether a proxy changes requests, and ${SUPPORT}.`;
}

/** The same for the download of the error log. */
export function explainLogError(status: number): string {
  return status >= 500 || status === 429
    ? 'Storage failed: the log may be available later.'
    : `Storage did not return the error log: its URL is valid for a limited time. If the problem persists, ${SUPPORT}.`;
}
