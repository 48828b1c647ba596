import { explainCheck } from '@kivyx-ota/client/explain';
import type { Ota } from './create-ota.ts';

/** What the developer menu needs; React Native's `DevSettings` fits. In release builds it does nothing by itself. */
export interface DevMenu {
  addMenuItem(title: string, run: () => void): void;
}

/** How a developer wants to be told; `Alert.alert` and `console.log` fit. */
export type Tell = (title: string, text: string) => void;

/** Items of the developer menu that show and provoke what updates do. */
export function addOtaMenuItems(menu: DevMenu, ota: Ota, tell: Tell): void {
  menu.addMenuItem('OTA: show state', () => {
    const { phase, running, rolledBack } = ota.getState();
    void ota.client
      .state()
      .then((boot) => tell('OTA', JSON.stringify({ boot, phase, rolledBack, running }, undefined, 2)));
  });
  menu.addMenuItem('OTA: look for an update', () => {
    void ota.update().then((phase) => tell('OTA', JSON.stringify(phase, undefined, 2)));
  });
  menu.addMenuItem('OTA: why this (no) update', () => {
    ota.client.checkForUpdate().then(
      (check) => tell('OTA', explainCheck(check).join('\n')),
      (error: unknown) => tell('OTA', String(error)),
    );
  });
  menu.addMenuItem('OTA: restart', () => {
    void ota.restart();
  });
  let isOffline = false;
  menu.addMenuItem('OTA: simulate being offline (on, off)', () => {
    isOffline = !isOffline;
    ota.simulateOffline(isOffline);
    tell('OTA', isOffline ? 'No network from now on' : 'The network is back');
  });
  menu.addMenuItem('OTA: simulate a rollback', () => {
    void ota.simulateRollback().then((phase) => tell('OTA', JSON.stringify(phase, undefined, 2)));
  });
  menu.addMenuItem('OTA: simulate a crash', () => {
    throw new Error('OTA: a crash for testing');
  });
  menu.addMenuItem('OTA: simulate a hang', () => {
    // Native code has to notice; JavaScript cannot.
    for (;;);
  });
}
