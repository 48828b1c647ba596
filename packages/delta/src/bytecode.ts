export { type BytecodeFacts, inspectBytecode } from './hermes/inspect-bytecode.ts';
export { findDifference } from './hermes/find-difference.ts';
