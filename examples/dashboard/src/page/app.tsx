import { type ReactNode, useMemo, useState } from 'react';
import { ChannelView } from './channel-view.tsx';
import { controlPlane } from './control-plane.ts';
import { endSession, readSession, type Session, writeSession } from './session.ts';
import { SignIn } from './sign-in.tsx';

export function App({ serverPath }: { readonly serverPath: string }): ReactNode {
  const [session, setSession] = useState(readSession);
  const { apiKey, channel } = session;
  const plane = useMemo(
    () =>
      apiKey === undefined || channel === undefined ? undefined : controlPlane(serverPath, apiKey, channel),
    [serverPath, apiKey, channel],
  );
  if (plane === undefined || channel === undefined)
    return (
      <SignIn
        known={channel}
        onSignIn={(made: Session) => {
          writeSession(made);
          setSession(made);
        }}
      />
    );
  return (
    <>
      <header>
        <h1>
          {channel.app} <span>{channel.platform}</span> <span>{channel.channel}</span>
        </h1>
        <button
          type="button"
          onClick={() => {
            endSession();
            setSession({ channel });
          }}
        >
          Sign out
        </button>
      </header>
      <ChannelView plane={plane} />
    </>
  );
}
