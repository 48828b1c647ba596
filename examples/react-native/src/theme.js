import { MD3LightTheme } from 'react-native-paper';

export const theme = {
  ...MD3LightTheme,
  colors: { ...MD3LightTheme.colors, primary: '#6b4226', secondary: '#a47148' },
};
