// For `kivyx bundle` and React Native's own commands; the app as it is, or the variant that CAFE_VARIANT names.
module.exports = async () => {
  const { metroConfig } = await import('./scripts/metro-config.mjs');
  return metroConfig(process.env.CAFE_VARIANT ?? 'baseline');
};
