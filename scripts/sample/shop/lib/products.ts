import type { StaticImageData } from 'next/image';
// The package exports its code alone.
import marble from '../node_modules/three-globe/example/img/earth-blue-marble.jpg';
import dark from '../node_modules/three-globe/example/img/earth-dark.jpg';
import day from '../node_modules/three-globe/example/img/earth-day.jpg';
import night from '../node_modules/three-globe/example/img/earth-night.jpg';
import relief from '../node_modules/three-globe/example/img/earth-topology.png';
import stars from '../node_modules/three-globe/example/img/night-sky.png';

export interface Product {
  slug: string;
  name: string;
  /** In cents. */
  price: number;
  picture: StaticImageData;
}

export const PRODUCTS: readonly Product[] = [
  { slug: 'marble', name: 'Blue marble, poster', price: 1999, picture: marble },
  { slug: 'dark', name: 'Dark Earth, postcard', price: 199, picture: dark },
  { slug: 'day', name: 'Earth by day, poster', price: 1499, picture: day },
  { slug: 'night', name: 'Earth by night, poster', price: 1499, picture: night },
  { slug: 'relief', name: 'Relief, print', price: 899, picture: relief },
  { slug: 'stars', name: 'Night sky, print', price: 899, picture: stars },
];

export function findProduct(slug: string): Product | undefined {
  return PRODUCTS.find((product) => product.slug === slug);
}

export function renderPrice(cents: number): string {
  return `$${(cents / 100).toFixed(2)}`;
}
