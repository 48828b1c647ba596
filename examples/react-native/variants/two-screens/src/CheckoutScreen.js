import {
  addMinutes,
  format,
  isBefore,
  isWeekend,
  roundToNearestMinutes,
  setHours,
  startOfDay,
} from 'date-fns';
import { useMemo, useState } from 'react';
import { Controller, useForm } from 'react-hook-form';
import { ScrollView, StyleSheet, View } from 'react-native';
import {
  Banner,
  Button,
  Chip,
  Dialog,
  Divider,
  HelperText,
  Portal,
  RadioButton,
  Surface,
  Text,
  TextInput,
} from 'react-native-paper';
import { useDispatch, useSelector } from 'react-redux';
import { z } from 'zod';
import { cleared, placed, selectLines } from './store';

const Contact = z.object({
  email: z.string().email('This is not an e-mail address'),
  name: z.string().min(2, 'Please tell us a name to call').max(40, 'A shorter name, please'),
  note: z.string().max(200, 'At most 200 characters').optional(),
  phone: z
    .string()
    .regex(/^\+?[0-9 ()/-]{6,20}$/, 'Digits, please')
    .optional(),
});

const TIPS = [0, 5, 10, 15];
const WAYS = [
  { fee: 0, id: 'counter', label: 'At the counter' },
  { fee: 0, id: 'table', label: 'At my table' },
  { fee: 190, id: 'bike', label: 'By bicycle' },
];

export function CheckoutScreen({ navigation }) {
  const dispatch = useDispatch();
  const lines = useSelector(selectLines);
  const [tip, setTip] = useState(0);
  const [way, setWay] = useState('counter');
  const [time, setTime] = useState(null);
  const [asking, setAsking] = useState(false);
  const form = useForm({ defaultValues: { email: '', name: '', note: '', phone: '' }, resolver });
  const times = useMemo(() => pickUpTimes(new Date()), []);
  const sum = lines.reduce((total, { count, item }) => total + count * item.cents, 0);
  const fee = WAYS.find(({ id }) => id === way)?.fee ?? 0;
  const total = Math.round(sum * (1 + tip / 100)) + fee;

  const submit = form.handleSubmit(() => {
    dispatch(placed(Date.now()));
    setAsking(true);
  });

  return (
    <ScrollView contentContainerStyle={styles.screen} keyboardShouldPersistTaps="handled">
      <Banner visible={isWeekend(new Date())} icon="clock-outline">
        At the weekend an order takes about ten minutes longer.
      </Banner>
      <Surface style={styles.surface} elevation={1}>
        {lines.map(({ count, item }) => (
          <View key={item.id} style={styles.line}>
            <Text variant="bodyMedium">{`${count} × ${item.name}`}</Text>
            <Text variant="bodyMedium">{money(count * item.cents)}</Text>
          </View>
        ))}
        {lines.length === 0 && (
          <Text variant="bodySmall">Nothing here yet. Go back and tap what you like.</Text>
        )}
        <Divider />
        <View style={styles.line}>
          <Text variant="titleSmall">Sum</Text>
          <Text variant="titleSmall">{money(sum)}</Text>
        </View>
      </Surface>
      <Text variant="titleMedium">Something for the team?</Text>
      <View style={styles.chips}>
        {TIPS.map((percent) => (
          <Chip key={percent} selected={percent === tip} onPress={() => setTip(percent)}>
            {percent === 0 ? 'No tip' : `${percent} %`}
          </Chip>
        ))}
      </View>
      <Text variant="titleMedium">How shall you get it?</Text>
      <RadioButton.Group onValueChange={setWay} value={way}>
        {WAYS.map(({ fee: cents, id, label }) => (
          <RadioButton.Item key={id} label={cents > 0 ? `${label} (+ ${money(cents)})` : label} value={id} />
        ))}
      </RadioButton.Group>
      <Text variant="titleMedium">When?</Text>
      <View style={styles.chips}>
        <Chip selected={time === null} onPress={() => setTime(null)}>
          As soon as possible
        </Chip>
        {times.map((date) => (
          <Chip
            key={date.getTime()}
            selected={time === date.getTime()}
            onPress={() => setTime(date.getTime())}
          >
            {format(date, 'HH:mm')}
          </Chip>
        ))}
      </View>
      <Text variant="titleMedium">Who is it for?</Text>
      <Field control={form.control} name="name" label="Name" />
      <Field control={form.control} name="email" label="E-mail" keyboardType="email-address" />
      <Field control={form.control} name="phone" label="Telephone" keyboardType="phone-pad" />
      <Field control={form.control} name="note" label="Anything we should know?" multiline />
      <Button mode="contained" disabled={lines.length === 0} onPress={submit}>
        {`Order for ${money(total)}`}
      </Button>
      <Portal>
        <Dialog visible={asking} onDismiss={() => setAsking(false)}>
          <Dialog.Title>Thank you!</Dialog.Title>
          <Dialog.Content>
            <Text variant="bodyMedium">
              {time === null ? 'We begin at once.' : `It will be ready at ${format(time, 'HH:mm')}.`}
            </Text>
          </Dialog.Content>
          <Dialog.Actions>
            <Button
              onPress={() => {
                setAsking(false);
                dispatch(cleared());
                navigation.navigate('History');
              }}
            >
              Good
            </Button>
          </Dialog.Actions>
        </Dialog>
      </Portal>
    </ScrollView>
  );
}

function Field({ control, label, name, ...input }) {
  return (
    <Controller
      control={control}
      name={name}
      render={({ field: { onBlur, onChange, value }, fieldState: { error } }) => (
        <View>
          <TextInput
            mode="outlined"
            label={label}
            value={value}
            onBlur={onBlur}
            onChangeText={onChange}
            error={error !== undefined}
            {...input}
          />
          <HelperText type="error" visible={error !== undefined}>
            {error?.message}
          </HelperText>
        </View>
      )}
    />
  );
}

function resolver(values) {
  const { data, error, success } = Contact.safeParse(values);
  if (success) return { errors: {}, values: data };
  const errors = {};
  for (const issue of error.issues) {
    const [field] = issue.path;
    errors[field] ??= { message: issue.message, type: issue.code };
  }
  return { errors, values: {} };
}

function pickUpTimes(now) {
  const closing = setHours(startOfDay(now), 18);
  const first = roundToNearestMinutes(addMinutes(now, 20), { nearestTo: 15, roundingMethod: 'ceil' });
  const times = [];
  for (let time = first; isBefore(time, closing) && times.length < 8; time = addMinutes(time, 15))
    times.push(time);
  return times;
}

function money(cents) {
  return `${(cents / 100).toFixed(2)} EUR`;
}

const styles = StyleSheet.create({
  chips: { flexDirection: 'row', flexWrap: 'wrap', gap: 8 },
  line: { flexDirection: 'row', justifyContent: 'space-between', paddingVertical: 2 },
  screen: { gap: 12, padding: 16, paddingBottom: 48 },
  surface: { borderRadius: 12, gap: 6, padding: 12 },
});
