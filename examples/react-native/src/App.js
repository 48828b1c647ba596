import { OtaProvider } from '@kivyx-ota/client-react-native';
import { NavigationContainer } from '@react-navigation/native';
import { createNativeStackNavigator } from '@react-navigation/native-stack';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { PaperProvider } from 'react-native-paper';
import { SafeAreaProvider } from 'react-native-safe-area-context';
import { Provider } from 'react-redux';
import { HomeScreen } from './HomeScreen';
import { ota } from './ota';
import { SettingsScreen } from './SettingsScreen';
import { store } from './store';
import './texts';
import { theme } from './theme';

const Stack = createNativeStackNavigator();
const queries = new QueryClient();

export function App() {
  return (
    <OtaProvider ota={ota}>
      <SafeAreaProvider>
        <Provider store={store}>
          <QueryClientProvider client={queries}>
            <PaperProvider theme={theme}>
              <NavigationContainer>
                <Stack.Navigator initialRouteName="Home">
                  <Stack.Screen name="Home" component={HomeScreen} options={{ title: 'Corner Café' }} />
                  <Stack.Screen name="Settings" component={SettingsScreen} />
                </Stack.Navigator>
              </NavigationContainer>
            </PaperProvider>
          </QueryClientProvider>
        </Provider>
      </SafeAreaProvider>
    </OtaProvider>
  );
}
