import { useOta, useOtaActions } from '@kivyx-ota/client-react-native';
import { format } from 'date-fns';
import { useTranslation } from 'react-i18next';
import { StyleSheet, View } from 'react-native';
import { Button, List, ProgressBar } from 'react-native-paper';
import { describeEvent, describePhase, isBusy } from './update-texts';

/** What runs, what is on its way, why, and what happened before. */
export function UpdatesSection() {
  const { t } = useTranslation();
  const ota = useOtaActions();
  const { lastCheckMs, log, phase, rolledBack, running } = useOta();
  return (
    <List.Section title={t('updates')}>
      <List.Item
        title={t(`running.${running.state}`, { versionCode: running.versionCode })}
        description={running.releaseId ?? running.bundle}
        testID="running"
      />
      <List.Item
        title={describePhase(phase, t)}
        description={lastCheckMs === undefined ? t('neverChecked') : format(lastCheckMs, 'PPp')}
        testID="phase"
      />
      {phase.kind === 'downloading' && phase.progress.totalBytes > 0 && (
        <ProgressBar progress={phase.progress.receivedBytes / phase.progress.totalBytes} testID="progress" />
      )}
      <View style={styles.buttons}>
        <Button disabled={isBusy(phase)} onPress={() => ota.update()} testID="update">
          {t('update')}
        </Button>
        {phase.kind === 'downloading' && (
          <Button onPress={() => ota.cancel()} testID="cancel">
            {t('cancel')}
          </Button>
        )}
        {phase.kind === 'ready' && (
          <Button mode="contained" onPress={() => ota.restart()} testID="restart">
            {t('restart')}
          </Button>
        )}
      </View>
      {rolledBack.map(({ cause, releaseId, sha256Hex }) => (
        <List.Item
          key={sha256Hex}
          title={t('rolledBack', { cause })}
          description={releaseId ?? sha256Hex}
          testID="rolled-back"
        />
      ))}
      <List.Accordion title={t('reasons')} testID="reasons">
        {lastReasons(log).map(({ code, detail, releaseId }) => (
          <List.Item
            key={`${code} ${releaseId}`}
            title={t(`reason.${code}`, { defaultValue: code })}
            description={[code, releaseId, detail].filter(Boolean).join(' · ')}
            testID="reason"
          />
        ))}
      </List.Accordion>
      <List.Accordion title={t('events', { count: log.length })} testID="events">
        {log.map(({ atMs, event }, index) => (
          <List.Item
            key={`${atMs} ${index}`}
            title={describeEvent(event)}
            description={format(atMs, 'HH:mm:ss.SSS')}
            testID="event"
          />
        ))}
      </List.Accordion>
    </List.Section>
  );
}

/** Why the newest check ended as it did, release by release. */
function lastReasons(log) {
  return log.findLast(({ event }) => event.type === 'check')?.event.reasons ?? [];
}

const styles = StyleSheet.create({ buttons: { flexDirection: 'row', flexWrap: 'wrap', gap: 8 } });
