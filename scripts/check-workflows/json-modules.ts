/** Lets Node load packages that are made for bundlers, and import JSON without the attribute that Node asks for. */
import { registerHooks } from 'node:module';

const PACKAGE = '/node_modules/@actions/';

registerHooks({
  load: (url, context, nextLoad) => {
    const isJson = url.includes(PACKAGE) && url.endsWith('.json');
    return nextLoad(url, isJson ? { ...context, importAttributes: { type: 'json' } } : context);
  },
});
