import { useInfiniteQuery } from '@tanstack/react-query';
import axios from 'axios';
import {
  differenceInCalendarDays,
  format,
  formatDistanceToNow,
  isToday,
  isYesterday,
  parseISO,
} from 'date-fns';
import _ from 'lodash';
import { useCallback, useMemo, useState } from 'react';
import { RefreshControl, SectionList, StyleSheet, View } from 'react-native';
import {
  Avatar,
  Button,
  Card,
  IconButton,
  Searchbar,
  SegmentedButtons,
  Snackbar,
  Text,
} from 'react-native-paper';
import { useDispatch } from 'react-redux';
import { added } from './store';

const PERIODS = [
  { days: 7, label: 'Week', value: 'week' },
  { days: 31, label: 'Month', value: 'month' },
  { days: 366, label: 'Year', value: 'year' },
];

export function HistoryScreen({ navigation }) {
  const dispatch = useDispatch();
  const [words, setWords] = useState('');
  const [period, setPeriod] = useState('month');
  const [message, setMessage] = useState(null);
  const query = useInfiniteQuery({
    getNextPageParam: ({ next }) => next,
    initialPageParam: 0,
    queryFn: fetchPage,
    queryKey: ['orders', period],
  });

  const sections = useMemo(() => {
    const orders = _.flatMap(query.data?.pages ?? [], 'orders');
    const { days } = PERIODS.find(({ value }) => value === period);
    const wanted = orders.filter(
      (order) =>
        differenceInCalendarDays(new Date(), parseISO(order.placedAt)) <= days &&
        (words === '' || order.items.some(({ name }) => name.toLowerCase().includes(words.toLowerCase()))),
    );
    return _.map(
      _.groupBy(wanted, ({ placedAt }) => placedAt.slice(0, 10)),
      (data, day) => ({
        data,
        title: dayName(parseISO(day)),
        total: _.sumBy(data, 'cents'),
      }),
    );
  }, [query.data, period, words]);

  const again = useCallback(
    (order) => {
      for (const item of order.items) dispatch(added(item));
      setMessage(`${order.items.length} items are in your order`);
    },
    [dispatch],
  );

  return (
    <View style={styles.screen}>
      <Searchbar placeholder="What was it?" value={words} onChangeText={setWords} />
      <SegmentedButtons buttons={PERIODS} value={period} onValueChange={setPeriod} />
      <SectionList
        sections={sections}
        keyExtractor={({ id }) => id}
        onEndReached={() => query.hasNextPage && query.fetchNextPage()}
        refreshControl={<RefreshControl refreshing={query.isRefetching} onRefresh={query.refetch} />}
        renderSectionHeader={({ section: { title, total } }) => (
          <View style={styles.header}>
            <Text variant="titleSmall">{title}</Text>
            <Text variant="bodySmall">{`${(total / 100).toFixed(2)} EUR`}</Text>
          </View>
        )}
        renderItem={({ item: order }) => <OrderCard order={order} onAgain={again} />}
        ListEmptyComponent={
          <View style={styles.empty}>
            <Avatar.Icon icon="coffee-outline" size={64} />
            <Text variant="bodyMedium">Nothing in this time. How about a coffee?</Text>
            <Button mode="contained" onPress={() => navigation.navigate('Home')}>
              To the menu
            </Button>
          </View>
        }
      />
      <Snackbar
        visible={message !== null}
        onDismiss={() => setMessage(null)}
        action={{ label: 'Look', onPress: () => navigation.navigate('Checkout') }}
      >
        {message}
      </Snackbar>
    </View>
  );
}

function OrderCard({ order, onAgain }) {
  const placedAt = parseISO(order.placedAt);
  const names = _.uniq(order.items.map(({ name }) => name));
  return (
    <Card style={styles.card}>
      <Card.Title
        title={names.slice(0, 3).join(', ') + (names.length > 3 ? ' …' : '')}
        subtitle={`${format(placedAt, 'HH:mm')}, ${formatDistanceToNow(placedAt, { addSuffix: true })}`}
        left={(props) => <Avatar.Text {...props} label={String(order.items.length)} />}
        right={(props) => (
          <IconButton
            {...props}
            accessibilityLabel="Order this again"
            icon="repeat"
            onPress={() => onAgain(order)}
          />
        )}
      />
      {order.note && (
        <Card.Content>
          <Text variant="bodySmall">{order.note}</Text>
        </Card.Content>
      )}
    </Card>
  );
}

async function fetchPage({ pageParam, signal }) {
  const { data } = await axios.get('https://cafe.example/api/orders', {
    params: { limit: 20, page: pageParam },
    signal,
  });
  return { next: data.more ? pageParam + 1 : undefined, orders: data.orders };
}

function dayName(day) {
  if (isToday(day)) return 'Today';
  if (isYesterday(day)) return 'Yesterday';
  return format(day, 'EEEE, d MMMM');
}

const styles = StyleSheet.create({
  card: { marginVertical: 4 },
  empty: { alignItems: 'center', gap: 12, paddingTop: 48 },
  header: { flexDirection: 'row', justifyContent: 'space-between', paddingVertical: 8 },
  screen: { flex: 1, gap: 8, padding: 16 },
});
