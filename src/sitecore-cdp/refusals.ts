/** What a refusal of the Batch API, or of the storage behind it, means for the user (API document, section 3). */

const SUPPORT = 'give Sitecore support the ref of the batch and the correlation id';

/** @returns what the user can do, for an HTTP status of a call of the Batch API */
export function explainRefusal(status: number): string {
  switch (status) {
    case 401:
      return 'The client key and the API token are not accepted together. Make sure that `client-key` and `api-token` are both those of the same Sitecore CDP instance, that the token was not renewed since, and that `base-url` is the one of its region.';
    case 403:
      return 'The client key and the API token are known, but may not use the Batch API here. Make sure that they belong to the instance of the region that `base-url` names, and that this instance has the Batch API; else ask Sitecore support.';
    case 404:
      return 'Check `base-url`: is it the API of the region of your instance, such as https://api-engage-eu.sitecorecloud.io?';
    case 400:
    case 422:
      return `The service refused what was sent: look at what it names. If it names nothing, ${SUPPORT}.`;
    case 409:
      return 'The service has a batch of this ref already. Leave `batch-ref` out, and the run uses a fresh one; a ref that is given resumes the batch of the same file.';
    case 413:
      return 'The service, or a proxy before it, takes less at once than was sent, though a request to the API is small. Check `base-url` and the proxy settings of the runner.';
    case 429:
      return 'The rate limit of the instance did not clear in time. Run the job again later, or let fewer jobs use the API at once.';
    default:
      if (status >= 500) {
        return `The service had a fault. Run the job again; if it stays, look at Sitecore's status page and ${SUPPORT}.`;
      }
      if (status >= 300 && status < 400) {
        return 'Check `base-url`: the API itself does not redirect, so it names another host than the API of your region, or lacks its https.';
      }
      return `Run the job again with debug logging; if it stays, ${SUPPORT}.`;
  }
}

/** The same for storage, which takes the batch under a signed URL. */
export function explainUploadRefusal(status: number): string {
  if (status === 413) return 'Storage takes no file of this size: split the file into smaller ones.';
  if (status >= 500 || status === 429) return 'Storage had a fault. Run the job again.';
  return `Storage refused the upload. Run the job again; if it stays, look at what a proxy may change on the way, and ${SUPPORT}.`;
}

/** The same for the error log, which is fetched under a signed URL. */
export function explainLogRefusal(status: number): string {
  return status >= 500 || status === 429
    ? 'Storage had a fault: the log may be had later.'
    : `Storage did not give the error log: its address lives for a limited time. If it stays, ${SUPPORT}.`;
}
