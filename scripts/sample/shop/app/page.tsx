import Image from 'next/image';
import Link from 'next/link';
import { PRODUCTS, renderPrice } from '../lib/products';

export default function Home() {
  return (
    <main>
      <h1>Sample shop</h1>
      <ul className="products">
        {PRODUCTS.map(({ slug, name, price, picture }) => (
          <li key={slug}>
            <Link href={`/products/${slug}`}>
              <Image src={picture} alt={name} />
              {name}, {renderPrice(price)}
            </Link>
          </li>
        ))}
      </ul>
    </main>
  );
}
