import { type AssetLayoutInput, assetPathsOf, assetRulesOf, checkAssetLayout } from '@kivyx-ota/publisher';
import { readAssetList } from '@kivyx-ota/publisher/node';
import { describe, expect, it } from 'vitest';
import { publisher, release } from './samples.ts';

const android = (assetPaths: string[], more: Partial<AssetLayoutInput> = {}): AssetLayoutInput => ({
  assetPaths,
  launchPath: 'index.android.bundle',
  platform: 'android',
  reactNativeVersion: '0.88.1',
  ...more,
});
const ios = (assetPaths: string[], more: Partial<AssetLayoutInput> = {}): AssetLayoutInput =>
  android(assetPaths, { launchPath: 'main.jsbundle', platform: 'ios', ...more });
const problems = (input: AssetLayoutInput): readonly string[] => {
  try {
    checkAssetLayout(input);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_PUBLISH_ASSET_LAYOUT' });
    return (error as { details: { problems: string[] } }).details.problems;
  }
};

describe('a release as React Native’s bundler lays it out', () => {
  it('passes', () => {
    checkAssetLayout(
      android([
        'drawable-mdpi/src_img_logobig.png',
        'drawable-xxxhdpi/src_img_logobig.png',
        'drawable-ldpi/_shared_pics_ab.jpg',
        'drawable-mdpi/photo.heic',
        'raw/fonts_inter.ttf',
      ]),
    );
    checkAssetLayout(
      ios(['assets/src/img/Logo-Big@2x.png', 'assets/src/img/Logo-Big.png', 'assets/_shared/pics/ab.jpg']),
    );
  });
});

describe('refused, with the way out', () => {
  it.each<[string, AssetLayoutInput, RegExp]>([
    [
      'an iOS build for Android',
      android(['assets/src/logo.png']),
      /where iOS looks; bundle with --platform android/,
    ],
    [
      'an Android build for iOS',
      ios(['drawable-mdpi/src_logo.png']),
      /where Android looks; bundle with --platform ios/,
    ],
    ['a file that nobody looks for', android(['sounds/a.mp3']), /in no folder that is looked into/],
    [
      'a name that is no resource id',
      android(['drawable-mdpi/src_Logo-Big.png']),
      /bundlers make src_logobig of it/,
    ],
    [
      'an odd scale on Android',
      android(['drawable-208dpi/a.png']),
      /odd scale.*@1x, @1\.5x, @2x, @3x or @4x/,
    ],
    ['an unknown density', android(['drawable-big/a.png']), /big is no density/],
    ['a drawable without density', android(['drawable/a.png']), /needs a density/],
    ['an odd scale on iOS', ios(['assets/a@1.5x.png']), /odd scale; iOS has 1, 2 and 3/],
    ['@1x on iOS', ios(['assets/a@1x.png']), /not looked for under it/],
    ['no extension', android(['raw/readme']), /has no extension/],
    [
      'a drawable that another bundler took for raw',
      android(['raw/photo.heic']),
      /\.heic is looked for in drawable-/,
    ],
    [
      'a drawable of a later React Native',
      android(['drawable-mdpi/photo.heic'], { reactNativeVersion: '0.81.6' }),
      /\.heic is no drawable for React Native 0\.81\.6/,
    ],
    ['what only Gradle reads', android(['raw/keep.xml']), /for Gradle only/],
    [
      'two files of one id',
      android(['drawable-mdpi/a.png', 'drawable-mdpi/a.jpg']),
      /resource id of drawable-mdpi\/a\.png/,
    ],
    [
      'a launch file further down',
      android([], { launchPath: 'js/index.android.bundle' }),
      /must be at the top/,
    ],
  ])('%s', (_name, input, message) => {
    const found = problems(input);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
  });

  it('two sources that became one file, and one that is missing, when the bundler’s list is given', () => {
    const source = { httpServerLocation: '/assets/img', scales: [1], type: 'png' };
    const found = problems(
      android(['drawable-mdpi/img_ab.png'], {
        sources: [
          { ...source, name: 'a-b' },
          { ...source, name: 'a b' },
          { ...source, name: 'c', scales: [1, 2] },
        ],
      }),
    );
    expect(found).toEqual([
      'drawable-mdpi/img_ab.png: is made from /assets/img/a-b.png and from /assets/img/a b.png, and only one of them is left; rename one',
      'drawable-mdpi/img_c.png: is missing; /assets/img/c.png is looked for there',
      'drawable-xhdpi/img_c.png: is missing; /assets/img/c.png is looked for there',
    ]);
  });

  it('names five problems in the message and all in the details', () => {
    const paths = Array.from({ length: 7 }, (_, i) => `lost/${i}.png`);
    expect(() => checkAssetLayout(android(paths))).toThrow(/lost\/4\.png[^\n]*\n… and 2 more$/);
    expect(problems(android(paths))).toHaveLength(7);
  });

  it('what is no version of React Native', () => {
    expect(() => assetRulesOf('latest')).toThrow(RangeError);
  });
});

it.each([
  [
    '/assets/src/img',
    'Logo-Big',
    'png',
    [1, 2, 4],
    [
      'drawable-mdpi/src_img_logobig.png',
      'drawable-xhdpi/src_img_logobig.png',
      'drawable-xxxhdpi/src_img_logobig.png',
    ],
    ['assets/src/img/Logo-Big.png', 'assets/src/img/Logo-Big@2x.png'],
  ],
  [
    '/assets/../shared/pics',
    'a b',
    'jpg',
    [1],
    ['drawable-mdpi/_shared_pics_ab.jpg'],
    ['assets/_shared/pics/a b.jpg'],
  ],
  ['/assets/fonts', 'Inter', 'ttf', [1], ['raw/fonts_inter.ttf'], ['assets/fonts/Inter.ttf']],
  ['/assets/img', 'huge', 'png', [4], ['drawable-xxxhdpi/img_huge.png'], ['assets/img/huge@4x.png']],
])(
  '%s/%s.%s lies where the bundler writes it',
  (httpServerLocation, name, type, scales, onAndroid, onIos) => {
    const rules = assetRulesOf('0.88.1');
    const source = { httpServerLocation, name, scales, type };
    expect(assetPathsOf(source, 'android', rules)).toEqual(onAndroid);
    expect(assetPathsOf(source, 'ios', rules)).toEqual(onIos);
  },
);

it('publish asks, when it knows the version of React Native, before anything is uploaded', async () => {
  const assets = [{ bytes: new Uint8Array([1]), path: 'assets/logo.png' }];
  const refused = publisher().publish(release('1.0.0', { assets, reactNative: { version: '0.88.1' } }));
  await expect(refused).rejects.toMatchObject({ code: 'ERR_PUBLISH_ASSET_LAYOUT' });
  const anywhere = await publisher().publish(release('1.0.0', { assets }));
  expect(anywhere.changed).toBe(true);
});

it('reads from a bundle what it asks for, as Metro writes it', () => {
  const bundle = `__d(function (global, require) {
  module.exports = require(_dependencyMap[0]).registerAsset({
    "__packager_asset": true,
    "httpServerLocation": "/assets/../../shared, name: \\"x\\"/img",
    "width": 24,
    "scales": [1, 2, 3],
    "hash": "7842",
    "name": "Logo {big}",
    "type": "png"
  });
},1,[2]);
var a=(0, r(d[0]).registerAsset)({__packager_asset:!0,httpServerLocation:"/assets/a",scales:[1.5],name:"b",type:"ttf"});
function registerAsset(asset) { assets.push(asset); }`;
  expect(readAssetList(bundle)).toEqual([
    {
      httpServerLocation: '/assets/../../shared, name: "x"/img',
      name: 'Logo {big}',
      scales: [1, 2, 3],
      type: 'png',
    },
    { httpServerLocation: '/assets/a', name: 'b', scales: [1.5], type: 'ttf' },
  ]);
});
