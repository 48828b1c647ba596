export { createStaticHandler, type StaticHandlerOptions } from './http/static-handler.ts';
