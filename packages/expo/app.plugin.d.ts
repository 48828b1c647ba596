import type { ConfigPlugin } from './dist/index.js';

declare const withKivyxOta: ConfigPlugin;
// oxlint-disable-next-line import/no-default-export -- that is what Expo takes
export default withKivyxOta;
