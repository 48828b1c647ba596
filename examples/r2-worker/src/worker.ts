// The whole Worker: a channel from R2, with ETag and 304, conditional and range requests, and the stored headers.
import { createStaticHandler } from '@kivyx-ota/storage/http';
import { type R2BucketBinding, r2Storage } from '@kivyx-ota/storage-r2';

interface Env {
  /** The bucket of `wrangler.toml`. */
  readonly BUCKET: R2BucketBinding;
}

/** What Cloudflare adds to a request. */
type EdgeRequest = Request & { readonly cf?: { readonly clientAcceptEncoding?: string } };

export default {
  fetch: (request: EdgeRequest, { BUCKET }: Env): Promise<Response> => {
    const headers = new Headers(request.headers);
    // The edge writes `gzip, br` over what the device accepts, and does not undo it for every content type.
    headers.set('accept-encoding', request.cf?.clientAcceptEncoding ?? '');
    return createStaticHandler(r2Storage({ bucket: BUCKET }))(new Request(request, { headers }));
  },
};
