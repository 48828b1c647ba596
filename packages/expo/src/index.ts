export {
  type ConfigPluginOptions,
  createConfigPlugin,
  type ExpoConfigLike,
  type FileMod,
  type NativeFile,
  readDependencyNames,
} from './config-plugin.ts';
export { editAppDelegate } from './edit-app-delegate.ts';
export { editMainApplication } from './edit-main-application.ts';
export { type ExpoError, type ExpoErrorCode, expoError } from './error.ts';
