import type { ReactNode } from 'react';
import type { ChannelName } from './control-plane.ts';
import type { Session } from './session.ts';

/** Asks for a channel and an API key. Whether the key is good, the first request shows. */
export function SignIn({
  known,
  onSignIn,
}: {
  readonly known: ChannelName | undefined;
  readonly onSignIn: (session: Session) => void;
}): ReactNode {
  const submit = (form: FormData): void => {
    const text = (name: string): string => String(form.get(name)).trim();
    const platform = text('platform') === 'ios' ? 'ios' : 'android';
    onSignIn({ apiKey: text('key'), channel: { app: text('app'), channel: text('channel'), platform } });
  };
  return (
    <form className="sign-in" action={submit}>
      <h1>Kivyx OTA</h1>
      <label>
        App <input name="app" required defaultValue={known?.app} />
      </label>
      <label>
        Platform{' '}
        <select name="platform" defaultValue={known?.platform}>
          <option value="android">Android</option>
          <option value="ios">iOS</option>
        </select>
      </label>
      <label>
        Channel <input name="channel" required defaultValue={known?.channel ?? 'production'} />
      </label>
      <label>
        API key <input name="key" type="password" autoComplete="off" required />
      </label>
      <p>
        With the scope <code>read</code> you can look; <code>rollout</code> and <code>publish</code> let you
        act. The key stays in this tab.
      </p>
      <button type="submit">Open</button>
    </form>
  );
}
