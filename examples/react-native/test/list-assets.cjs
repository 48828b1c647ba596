const { appendFileSync } = require('node:fs');

/** A line for each asset that Metro lists, as the app registers it at run time, into the file that CAFE_ASSET_LIST names. */
module.exports = (asset) => {
  const { hash, height, httpServerLocation, name, scales, type, width } = asset;
  const line = JSON.stringify({ hash, height, httpServerLocation, name, scales, type, width });
  if (process.env.CAFE_ASSET_LIST !== undefined) appendFileSync(process.env.CAFE_ASSET_LIST, `${line}\n`);
  return asset;
};
