// Publishes inside workerd, at request time, over the binding: `/n` runs the n-th case.
import { publisherCases } from '@kivyx-ota/runtime-tests/publisher-cases';
import { prefixed } from '@kivyx-ota/storage';
import { type R2BucketBinding, r2Storage } from '@kivyx-ota/storage-r2';

export default {
  async fetch(request: Request, env: { BUCKET: R2BucketBinding }): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const number = pathname.slice(1);
    const rounds = Number(searchParams.get('rounds'));
    const storage = r2Storage({ bucket: env.BUCKET });
    let folder = 0;
    const one = publisherCases({ create: () => prefixed(storage, `case${number}/${folder++}`), rounds })[
      Number(number)
    ];
    if (one === undefined) return new Response('no such case', { status: 404 });
    try {
      await one.run();
      return new Response('ok');
    } catch (error) {
      return new Response(error instanceof Error ? `${error.message}\n${error.stack}` : String(error));
    }
  },
};
