import type { ConfigPlugin } from '@kivyx-ota/expo';

declare const withKivyxOta: ConfigPlugin;
// oxlint-disable-next-line import/no-default-export -- that is what Expo takes
export default withKivyxOta;
