import { Suspense } from 'react';

export const dynamic = 'force-dynamic';

async function Reviews(): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, 10));
  throw new Error('The reviews of the sample shop throw on purpose');
}

/** Answers 200 before a part of it fails: the error is streamed behind the rest. */
export default function Streamed() {
  return (
    <main>
      <h1>Reviews</h1>
      <Suspense fallback={<p>Loading</p>}>
        <Reviews />
      </Suspense>
    </main>
  );
}
