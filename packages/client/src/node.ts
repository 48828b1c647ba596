export { createNodeBootHost, type NodeBootHost, type NodeBootHostOptions } from './node/boot-host.ts';
export { nodeFiles } from './node/files.ts';
export { nodeHttp } from './node/http.ts';
export { nodePorts, type NodePortsOptions } from './node/node-ports.ts';
export { nodeRecords } from './node/records.ts';
export { nodePost } from './node/post.ts';
