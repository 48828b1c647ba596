import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';

const serverPath = document.querySelector<HTMLMetaElement>('meta[name=kivyx-server]')?.content ?? '/';
createRoot(document.querySelector('main') as HTMLElement).render(<App serverPath={serverPath} />);
