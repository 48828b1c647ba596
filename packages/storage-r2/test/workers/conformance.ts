// Runs the conformance kit inside workerd, at request time, over the binding.
import { storageCases } from '@kivyx-ota/conformance';
import { prefixed } from '@kivyx-ota/storage';
import { type R2BucketBinding, r2Storage } from '@kivyx-ota/storage-r2';

export default {
  async fetch(_request: Request, env: { BUCKET: R2BucketBinding }): Promise<Response> {
    const storage = r2Storage({ bucket: env.BUCKET });
    let folder = 0;
    const outcomes: Record<string, string> = {};
    for (const { id, run } of storageCases({ create: () => prefixed(storage, `case${folder++}`) })) {
      try {
        await run();
        outcomes[id] = 'ok';
      } catch (error) {
        outcomes[id] = String(error);
      }
    }
    return Response.json(outcomes);
  },
};
