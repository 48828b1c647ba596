import { useState } from 'react';
import { Controller, useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { Platform, ScrollView, StyleSheet } from 'react-native';
import { Button, List, Switch, TextInput } from 'react-native-paper';
import { UpdatesSection } from './UpdatesSection';

export function SettingsScreen() {
  const { t } = useTranslation();
  const [news, setNews] = useState(true);
  const { control, handleSubmit } = useForm({ defaultValues: { name: '' } });
  return (
    <ScrollView contentContainerStyle={styles.screen}>
      <Controller
        control={control}
        name="name"
        rules={{ maxLength: 40 }}
        render={({ field: { onBlur, onChange, value } }) => (
          <TextInput label="Your name" onBlur={onBlur} onChangeText={onChange} value={value} />
        )}
      />
      <Button onPress={handleSubmit(() => undefined)}>Save</Button>
      <List.Section title={t('notifications')}>
        <List.Item title="News from the café" right={() => <Switch value={news} onValueChange={setNews} />} />
      </List.Section>
      <UpdatesSection />
      <List.Section title={t('about')}>
        <List.Item title="Version" description="1.0.0" />
        <List.Item title="System" description={`${Platform.OS} ${Platform.Version}`} />
      </List.Section>
    </ScrollView>
  );
}

const styles = StyleSheet.create({ screen: { padding: 16 } });
