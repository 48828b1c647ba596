// The package ships no types; all that is passed on is the preset itself.
declare module '@babel/preset-env' {
  const preset: object;
  export default preset;
}
