import { cookies } from 'next/headers';
import { findProduct, type Product, renderPrice } from '../../lib/products';

export const metadata = { title: 'Your cart' };

export default async function Cart() {
  const slugs = (await cookies()).get('cart')?.value.split('.') ?? [];
  const products = slugs.map(findProduct).filter((product): product is Product => product !== undefined);
  if (products.length === 0) return <p>Your cart is empty.</p>;
  return (
    <main>
      <h1>Your cart</h1>
      <ol>
        {products.map(({ slug, name, price }, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a product may be in the cart more than once
          <li key={`${place}-${slug}`}>
            {name}, {renderPrice(price)}
          </li>
        ))}
      </ol>
      <p>Total: {renderPrice(products.reduce((sum, { price }) => sum + price, 0))}</p>
    </main>
  );
}
