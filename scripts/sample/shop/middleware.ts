import { type NextRequest, NextResponse } from 'next/server';

/** Marks what came through the worker: files of the build are served without it. */
export function middleware(request: NextRequest): NextResponse {
  const response = NextResponse.next();
  response.headers.set('x-sample-path', request.nextUrl.pathname);
  return response;
}

export const config = {
  runtime: 'experimental-edge',
  matcher: ['/((?!_next/static|_next/image).*)'],
};
