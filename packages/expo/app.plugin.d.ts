declare const withKivyxOta: <Config extends { readonly updates?: { readonly enabled?: boolean } }>(
  config: Config,
) => Config;
// oxlint-disable-next-line import/no-default-export -- that is what Expo takes
export default withKivyxOta;
