/**
 * The demo's storefront: a Cloudflare module worker that answers as a Catalyst build does where that matters to a
 * deployment. Assets are answered by the platform before a request comes here.
 */

/** The build writes it in, as Next does. */
const BUILD_ID = '__BUILD_ID__';

/** What the first request of an instance waits for: a real build loads its modules then. */
const BOOT_MS = 700;
/** From the page's shell to what is streamed after it. */
const STREAM_MS = 120;

/** Next's digests of render errors are decimal numbers. */
const SUMMARY_DIGEST = '1742093158';
const REVIEWS_DIGEST = '2338192037';

const PRODUCTS = [
  { slug: 'enamel-mug', name: 'Enamel mug', cents: 1400, text: 'Holds 350 ml, on the stove or by the fire.' },
  { slug: 'pour-over-kettle', name: 'Pour-over kettle', cents: 6900, text: 'A slow, thin stream from a long spout.' },
  { slug: 'desk-lamp', name: 'Desk lamp', cents: 8900, text: 'Warm light, and an arm that stays where it is put.' },
  { slug: 'monstera', name: 'Monstera', cents: 3200, text: 'In a pot of clay. Half a metre high, and growing.' },
  { slug: 'linen-cushion', name: 'Linen cushion', cents: 3900, text: 'Washed linen, filled with wool from Frisia.' },
  { slug: 'day-pack', name: 'Day pack', cents: 11900, text: 'Waxed cotton, 18 litres, two straps and a buckle.' },
  { slug: 'candle', name: 'Cedar candle', cents: 2400, text: 'Burns for forty hours and smells of a sawmill.' },
  { slug: 'wall-clock', name: 'Wall clock', cents: 5400, text: 'Has no second hand, and makes no sound.' },
];

let isWarm = false;

export default {
  async fetch(request, env) {
    // Each request waits for itself: in a worker a promise must not outlive the request that made it.
    if (!isWarm) await new Promise((resolve) => setTimeout(resolve, BOOT_MS));
    isWarm = true;
    const url = new URL(request.url);
    const response = await answer(request, url, env);
    console.log(`${request.method} ${url.pathname} ${response.status}`);
    return response;
  },
};

async function answer(request, url, env) {
  const { pathname } = url;
  if (pathname === '/boom') throw new Error('The demo storefront was asked to fail: /boom');
  if (pathname === '/') return page(request, env, { title: 'Hearth & Fern', body: home() });
  if (pathname === '/reviews/') return reviews(request, env);
  if (pathname === '/stock/') return stock(request, env);
  if (pathname === '/cart/') return request.method === 'POST' ? await addToCart(request) : cart(request, env);
  const slug = /^\/products\/([^/]+)\/$/.exec(pathname)?.[1];
  const product = PRODUCTS.find((candidate) => candidate.slug === slug);
  if (product !== undefined) return page(request, env, { title: product.name, body: productPage(product) });
  if (/^\/(?:cart|reviews|stock|products\/[^/]+)$/.test(pathname)) {
    return new Response(null, { status: 308, headers: { Location: `${pathname}/${url.search}` } });
  }
  return page(request, env, { title: 'Not found', body: notFound(pathname), status: 404 });
}

function home() {
  return `<section class="hero">
  <div><p class="eyebrow">Autumn at home</p><h1>Few things, made to last.</h1>
  <p>Eight things for the kitchen, the desk and the road. Repaired for free, for as long as we are around.</p>
  <a class="button" href="/products/pour-over-kettle/">See the new kettle</a></div>
  <img src="/images/hero.svg" alt="A kettle on a table by a window" width="520" height="340">
</section>
<h2>All of it</h2>
<ul class="grid">${PRODUCTS.map(card).join('')}</ul>`;
}

function card({ slug, name, cents }) {
  return `<li><a class="card" href="/products/${slug}/"><img src="/images/${slug}.svg" alt="" width="240" height="200">
<span class="name">${name}</span><span class="price">${price(cents)}</span></a></li>`;
}

function productPage({ slug, name, cents, text }) {
  return `<article class="product"><img src="/images/${slug}.svg" alt="${name}" width="480" height="400">
<div><p class="eyebrow"><a href="/">All of it</a></p><h1>${name}</h1><p class="price">${price(cents)}</p><p>${text}</p>
<form method="post" action="/cart/"><button class="button" name="slug" value="${slug}">Add to cart</button></form>
<p class="note">Ships in two days. <a href="/reviews/">What others say</a></p></div></article>`;
}

function cart(request, env) {
  const products = cartOf(request);
  const rows = products.map(({ slug, name, cents }) => {
    return `<li><img src="/images/${slug}.svg" alt="" width="72" height="60"><a href="/products/${slug}/">${name}</a>
<span class="price">${price(cents)}</span></li>`;
  });
  const total = products.reduce((sum, { cents }) => sum + cents, 0);
  const list = `<ul class="lines">${rows.join('')}</ul><p class="total">Total <span class="price">${price(total)}</span></p>`;
  const body = `<h1>Your cart</h1>${rows.length > 0 ? list : '<p>There is nothing in it yet. <a href="/">Look around</a></p>'}`;
  return page(request, env, { title: 'Your cart', body });
}

async function addToCart(request) {
  const slug = (await request.formData()).get('slug');
  const slugs = [...cartOf(request).map((product) => product.slug), slug].filter(isProduct).slice(-20);
  const cookie = `cart=${slugs.join('.')}; Path=/; HttpOnly; SameSite=Lax`;
  return new Response(null, { status: 303, headers: { Location: '/cart/', 'Set-Cookie': cookie } });
}

function isProduct(slug) {
  return PRODUCTS.some((product) => product.slug === slug);
}

/** What the visitor's cookie names; anything in it that is no product is ignored. */
function cartOf(request) {
  const slugs = /(?:^|;\s*)cart=([a-z.-]*)/.exec(request.headers.get('Cookie') ?? '')?.[1] ?? '';
  return slugs.split('.').flatMap((slug) => PRODUCTS.filter((product) => product.slug === slug));
}

function notFound(pathname) {
  return `<h1>Nothing is here</h1><p>There is no page <code>${escapeHtml(pathname)}</code>. <a href="/">To the start</a></p>`;
}

/**
 * A page that is green by its status and its title, and broken: two parts of it fail, as they do when a query of a
 * server component fails. React sends the first, which fails before the shell is sent, as a marked template, and the
 * second, which fails later, as a call that marks it.
 */
function reviews(request, env) {
  const [start, end] = frame(request, env, 'Reviews', [
    '<h1>Reviews</h1>',
    `<!--$!--><template data-dgst="${SUMMARY_DIGEST}"></template><p class="pending">Adding up the stars …</p><!--/$-->`,
    '<!--$?--><template id="B:0"></template><p class="pending">Reviews are on their way …</p><!--/$-->',
  ]);
  logRenderError('The average of the ratings', SUMMARY_DIGEST);
  const { readable, writable } = new TransformStream();
  sendReviews(writable, start, end).catch((error) => console.error('The visitor has left:', error));
  return html(readable, 200);
}

async function sendReviews(writable, start, end) {
  const writer = writable.getWriter();
  const send = async (text) => await writer.write(new TextEncoder().encode(text));
  await send(start);
  await new Promise((resolve) => setTimeout(resolve, STREAM_MS));
  logRenderError('The list of reviews', REVIEWS_DIGEST);
  await send(`<script>${MARK_FAILED}$RX("B:0","${REVIEWS_DIGEST}")</script>`);
  await send(end);
  await writer.close();
}

/** A healthy page, whose worker has logged an error: it goes without what it could not fetch. */
function stock(request, env) {
  console.error('⨯ Error: The stock of 8 products could not be fetched: 503 Service Unavailable');
  const body = '<h1>In stock</h1><p>We are counting, and will know tomorrow. Orders are taken all the same.</p>';
  return page(request, env, { title: 'In stock', body });
}

/** Marks a boundary that was sent as pending as failed; React's name and arguments, so that readers of pages know it. */
const MARK_FAILED =
  '$RX=function(id,digest){var t=document.getElementById(id);' +
  'if(t){var mark=t.previousSibling;mark.data="$!";t.dataset.dgst=digest;mark._reactRetry&&mark._reactRetry()}};';

/** As Next logs it: an entry of level error, and no exception. */
function logRenderError(what, digest) {
  console.error(`⨯ Error: ${what} could not be fetched: 503 Service Unavailable { digest: '${digest}' }`);
}

function page(request, env, { title, body, status = 200 }) {
  return html(frame(request, env, title, [body]).join(''), status);
}

/** @returns what stands before the end of `main`, and what stands after it */
function frame(request, env, title, parts) {
  const count = cartOf(request).length;
  const region = escapeHtml(env.NEXT_PUBLIC_REGION ?? 'no region');
  const token = env.BIGCOMMERCE_STOREFRONT_TOKEN ? 'storefront token set' : 'no storefront token';
  const start = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${title}</title><link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/_next/static/css/shop.css"><script src="/_next/static/chunks/shop.js" defer></script></head>
<body id="storefront"><header><a class="logo" href="/">Hearth &amp; Fern</a><nav><a href="/reviews/">Reviews</a>
<a href="/cart">Cart${count > 0 ? ` <span class="count">${count}</span>` : ''}</a></nav></header>
<main>${parts.join('')}`;
  const end = `</main><footer><span>Build ${escapeHtml(BUILD_ID)}</span><span>${region}</span><span>${token}</span></footer></body></html>`;
  return [start, end];
}

function html(body, status) {
  const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'private, no-cache, no-store' };
  return new Response(body, { status, headers });
}

function price(cents) {
  return `€ ${(cents / 100).toFixed(2)}`;
}

function escapeHtml(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
