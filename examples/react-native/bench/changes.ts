/** A change of the app, as two bundles. */
export interface Change {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** `tuning`: looked at while the formats' constants were chosen. `reporting`: not looked at. */
  readonly use: 'tuning' | 'reporting';
}

const from = (use: Change['use'], ...names: readonly string[]): readonly Change[] =>
  names.map((name) => ({ from: 'baseline', name, to: name, use }));

/** What the benches measure. */
export const CHANGES: readonly Change[] = [
  ...from('tuning', 'one-line', 'component', 'axios-bump'),
  ...from('reporting', 'one-line-report', 'two-screens', 'paper-bump'),
  // 0.88.0-rc.3 to 0.88.1: from 0.88.0 on only the version number changed in JavaScript.
  { from: 'react-native-before', name: 'react-native-bump', to: 'baseline', use: 'reporting' },
];
