'use server';

import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { findProduct } from '../../lib/products';

/** Puts the form's product into the cart, a cookie, and shows it. */
export async function addToCart(form: FormData): Promise<void> {
  const slug = String(form.get('slug'));
  if (findProduct(slug) === undefined) throw new Error(`There is no product ${slug}`);
  const jar = await cookies();
  const before = jar.get('cart')?.value;
  jar.set('cart', before === undefined ? slug : `${before}.${slug}`, { httpOnly: true, sameSite: 'lax' });
  redirect('/cart');
}
