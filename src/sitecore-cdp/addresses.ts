import { isPrivateUrl } from '../domain/loopback.ts';
import { ActionError } from '../errors.ts';

/**
 * The URLs that the service gives of its storage: nobody else may read along.
 * @param what "to upload the batch to"
 * @throws ActionError; the URL is not in it
 */
export function checkAddress(url: URL, what: string): void {
  if (isPrivateUrl(url)) return;
  throw new ActionError(`The service gave an address ${what} that is no https URL; nothing was sent there.`, {
    title: 'Address not usable',
    fix: 'Check `base-url`: does it name the API of Sitecore CDP?',
  });
}
