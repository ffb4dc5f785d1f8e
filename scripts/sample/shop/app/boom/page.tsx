export const dynamic = 'force-dynamic';

/** Throws while it renders: what a storefront does whose query fails. */
export default function Boom(): never {
  throw new Error('The sample shop throws on purpose');
}
