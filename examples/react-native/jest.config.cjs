// The app's component tests, with React Native's own preset. `npx jest` runs them.
module.exports = {
  preset: '@react-native/jest-preset',
  // The workspace's packages as they are written; an app takes them from npm, built. `node`: for the publisher that the test publishes with.
  testEnvironmentOptions: {
    customExportConditions: ['@kivyx-ota/source', 'node', 'require', 'react-native'],
  },
  testMatch: ['<rootDir>/test/**/*.jest.js'],
  testTimeout: 60_000,
  // As the preset says, and what else comes as ECMAScript modules. `.pnpm`: this package manager's folder for all of them.
  transformIgnorePatterns: [
    'node_modules/(?!(\\.pnpm|(jest-)?react-native|@react-native|@react-navigation|@kivyx-ota|@noble)[^/]*/)',
  ],
};
