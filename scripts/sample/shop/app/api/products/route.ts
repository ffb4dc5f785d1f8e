import { PRODUCTS } from '../../../lib/products';

export const dynamic = 'force-dynamic';

export function GET(request: Request): Response {
  const wanted = new URL(request.url).searchParams.get('slug');
  const products = PRODUCTS.filter(({ slug }) => wanted === null || slug === wanted);
  return Response.json(products.map(({ slug, name, price }) => ({ slug, name, price })));
}
