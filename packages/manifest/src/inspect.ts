export {
  inspectUnverified,
  type DocumentType,
  type UnverifiedSignature,
  type UnverifiedView,
} from './inspect/inspect-unverified.ts';
export { trustRootToJson, type TrustRootJson } from './inspect/trust-root-to-json.ts';
