export { type ScriptServer, serveHttpScript } from './client/serve-http-script.ts';
