export {
  type ConfigPlugin,
  type ConfigPluginOptions,
  createConfigPlugin,
  type ExpoConfigLike,
  type FileMod,
  type NativeFile,
  readDependencyNames,
} from './config-plugin.ts';
export type { ConfigPlugins } from './config-plugins.ts';
export { editAppDelegate } from './edit-app-delegate.ts';
export { editMainApplication } from './edit-main-application.ts';
export type { NativeValues } from './native-values.ts';
export { type ExpoError, type ExpoErrorCode, expoError } from './error.ts';
