import { useQuery } from '@tanstack/react-query';
import { format, setHours, startOfDay } from 'date-fns';
import { useTranslation } from 'react-i18next';
import { FlatList, Image, StyleSheet, View } from 'react-native';
import { ActivityIndicator, Button, Card, Text } from 'react-native-paper';
import { useDispatch } from 'react-redux';
import { fetchMenu } from './menu-client';
import { added } from './store';

export function HomeScreen({ navigation }) {
  const { t } = useTranslation();
  const dispatch = useDispatch();
  const { data: menu } = useQuery({ queryFn: fetchMenu, queryKey: ['menu'] });
  if (menu === undefined) return <ActivityIndicator style={styles.wait} />;
  const until = format(setHours(startOfDay(new Date()), 18), 'p');
  return (
    <View style={styles.screen}>
      <Image source={require('../assets/cup.png')} style={styles.cup} />
      <Text variant="titleMedium">Good morning, what may we bring you?</Text>
      <Text variant="bodySmall">{t('open', { until })}</Text>
      <FlatList
        data={menu}
        keyExtractor={({ id }) => id}
        renderItem={({ item }) => (
          <Card style={styles.card} onPress={() => dispatch(added(item))}>
            <Card.Title title={item.name} subtitle={`${(item.cents / 100).toFixed(2)} EUR`} />
          </Card>
        )}
      />
      <Button mode="contained" onPress={() => navigation.navigate('Settings')}>
        {t('settings')}
      </Button>
    </View>
  );
}

const styles = StyleSheet.create({
  card: { marginVertical: 4 },
  cup: { alignSelf: 'center', height: 80, width: 80 },
  screen: { flex: 1, gap: 8, padding: 16 },
  wait: { flex: 1 },
});
