import type { HttpCall } from './call.ts';
import { NetworkError } from './errors.ts';
import { foreignBodyOf, foreignWords } from './foreign-body.ts';

const NO_CONTENT = 204;
const UNREADABLE = 'a body that is not what the API describes';

/**
 * A 2xx whose body does not match the API's description says nothing about the outcome: it counts as a lost answer.
 * @param parse gets undefined for a 204; what it throws becomes the cause
 * @param fix what the user can do about an answer that is not the API's
 * @throws NetworkError
 */
export function parseJsonAnswer<T>(
  answer: { status: number; text: string },
  call: Pick<HttpCall, 'what' | 'method' | 'url' | 'service' | 'cleanWords'>,
  parse: (value: unknown) => T,
  fix: string,
): T {
  let json: unknown;
  try {
    json = answer.status === NO_CONTENT ? undefined : JSON.parse(answer.text);
  } catch {
    // The parser's own message quotes the text, which may hold anything.
    const foreign = foreignBodyOf(answer.text, call.cleanWords);
    const what = foreign === undefined ? UNREADABLE : foreignWords(foreign, 'JSON');
    throw unreadableAnswer(call, `answered ${answer.status} with ${what}`, fix, new Error('the body is not JSON'));
  }
  try {
    return parse(json);
  } catch (cause) {
    throw unreadableAnswer(call, `answered ${answer.status} with ${UNREADABLE}`, fix, cause);
  }
}

function unreadableAnswer(
  { what, method, url, service }: Pick<HttpCall, 'what' | 'method' | 'url' | 'service'>,
  outcome: string,
  fix: string,
  cause: unknown,
): NetworkError {
  return new NetworkError(what, {
    method,
    url,
    service,
    outcome,
    delivery: 'lost-answer',
    fix,
    cause,
  });
}
