/** A test holds this equal to package.json's version. */
export const VERSION = '0.1.0';

export const USER_AGENT = `catalyst-deploy-action/${VERSION}`;
