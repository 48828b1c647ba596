import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

void i18next.use(initReactI18next).init({
  fallbackLng: 'en',
  interpolation: { escapeValue: false },
  lng: 'en',
  resources: {
    de: {
      translation: {
        about: 'Über',
        notifications: 'Mitteilungen',
        open: 'Geöffnet bis {{until}}',
        settings: 'Einstellungen',
      },
    },
    en: {
      translation: {
        about: 'About',
        notifications: 'Notifications',
        open: 'Open until {{until}}',
        settings: 'Settings',
      },
    },
  },
});
