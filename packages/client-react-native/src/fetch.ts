export { fetchHttp, type FetchHttpOptions, type FetchResponse } from './ports/fetch-http.ts';
