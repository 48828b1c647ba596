// What the HTTP server and its adapter cost by themselves.
import { serveMeasured } from './serve-measured.ts';

serveMeasured(() => new Response('ok'));
