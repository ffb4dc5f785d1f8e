import { BackToTop } from './back-to-top';

export const metadata = { title: 'About the sample shop' };

export default function About() {
  return (
    <main>
      <h1>About</h1>
      <p>A shop that sells nothing: it is there to be built, deployed and fetched.</p>
      <BackToTop />
    </main>
  );
}
