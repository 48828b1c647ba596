module.exports = {
  plugins: ['@babel/plugin-transform-export-namespace-from'],
  presets: ['module:@react-native/babel-preset'],
};
