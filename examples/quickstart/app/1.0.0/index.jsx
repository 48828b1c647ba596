import './runtime.js';
import { App } from './App.jsx';
import { render } from './renderer.js';

// What a React Native app does in its root: mount, say that the first screen is up, live on.
const app = render(<App />, {
  onFirstContent: () => print('kivyx:first-content'),
  onError: (error) => {
    print(`kivyx:crash ${error.name}: ${error.message}`);
    throw error;
  },
});
runtime.drain();
print(app.screen());
