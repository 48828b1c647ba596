import { useOta, useOtaActions } from '@kivyx-ota/client-react-native';
import { ActivityIndicator, Button, Modal, StyleSheet, Text, View } from 'react-native';

/**
 * A dialog that stays while a mandatory update is on its way, and asks for the restart when it is there. An error takes it away: a bad
 * network locks nobody out of the app.
 */
export function MandatoryUpdate() {
  const ota = useOtaActions();
  const phase = useOta((state) => state.phase);
  if (!phase.release?.mandatory) return null;
  const { receivedBytes = 0, totalBytes = 0 } = phase.progress ?? {};
  return (
    <Modal animationType="fade" onRequestClose={() => {}} testID="mandatory-update" transparent visible>
      <View style={styles.backdrop}>
        <View style={styles.card}>
          <Text>A new version is needed to go on.</Text>
          {phase.kind === 'ready' ? (
            <Button onPress={() => ota.restart()} title="Restart now" />
          ) : (
            <ActivityIndicator />
          )}
          {totalBytes > 0 && <Text>{Math.floor((100 * receivedBytes) / totalBytes)} %</Text>}
        </View>
      </View>
    </Modal>
  );
}

const styles = StyleSheet.create({
  backdrop: { alignItems: 'center', backgroundColor: '#0008', flex: 1, justifyContent: 'center' },
  card: { backgroundColor: 'white', borderRadius: 12, gap: 16, padding: 24 },
});
