import Image from 'next/image';
import { notFound } from 'next/navigation';
import { findProduct, renderPrice } from '../../../lib/products';
import { addToCart } from '../../cart/actions';

/** Rendered by the worker at each request, as a page of a storefront that asks for today's price. */
export const dynamic = 'force-dynamic';

interface Props {
  params: Promise<{ slug: string }>;
}

export async function generateMetadata({ params }: Props) {
  const product = findProduct((await params).slug);
  return { title: product?.name ?? 'Not found' };
}

export default async function ProductPage({ params }: Props) {
  const product = findProduct((await params).slug);
  if (product === undefined) notFound();
  return (
    <main>
      <h1>{product.name}</h1>
      <Image src={product.picture} alt={product.name} priority />
      <p>{renderPrice(product.price)}</p>
      <form action={addToCart}>
        <input type="hidden" name="slug" value={product.slug} />
        <button type="submit">Add to cart</button>
      </form>
    </main>
  );
}
