import { useMemo } from 'react';
import { StyleSheet, View } from 'react-native';
import { Button, Divider, Surface, Text } from 'react-native-paper';

/** What has been chosen so far: one line per item, with count and sum. */
export function OrderSummary({ order, onClear }) {
  const lines = useMemo(() => groupById(order), [order]);
  const totalCents = useMemo(() => order.reduce((sum, item) => sum + item.cents, 0), [order]);
  if (lines.length === 0) {
    return (
      <Text variant="bodySmall" style={styles.empty}>
        Tap an item to add it to your order.
      </Text>
    );
  }
  return (
    <Surface style={styles.surface} elevation={1}>
      <Text variant="titleSmall">Your order</Text>
      {lines.map(({ count, item }) => (
        <View key={item.id} style={styles.line}>
          <Text>
            {count} × {item.name}
          </Text>
          <Text>{format(count * item.cents)}</Text>
        </View>
      ))}
      <Divider />
      <View style={styles.line}>
        <Text variant="titleSmall">Total</Text>
        <Text variant="titleSmall">{format(totalCents)}</Text>
      </View>
      <Button compact onPress={onClear}>
        Start over
      </Button>
    </Surface>
  );
}

function groupById(order) {
  const lines = new Map();
  for (const item of order) {
    const line = lines.get(item.id);
    if (line === undefined) lines.set(item.id, { count: 1, item });
    else line.count += 1;
  }
  return Array.from(lines.values());
}

function format(cents) {
  return `${(cents / 100).toFixed(2)} EUR`;
}

const styles = StyleSheet.create({
  empty: { opacity: 0.6, textAlign: 'center' },
  line: { flexDirection: 'row', justifyContent: 'space-between' },
  surface: { borderRadius: 12, gap: 6, padding: 12 },
});
