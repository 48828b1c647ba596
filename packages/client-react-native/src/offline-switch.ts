import { type ClientPorts, clientError } from '@kivyx-ota/client';

/** The same ports, with a switch that takes the network away: for developers who want to see what their screens do then. */
export function withOfflineSwitch(ports: ClientPorts): {
  readonly ports: ClientPorts;
  readonly setOffline: (isOffline: boolean) => void;
} {
  let isOffline = false;
  const online = async (): Promise<void> => {
    if (isOffline)
      throw clientError('ERR_CLIENT_NETWORK', 'The developer has taken the network away', {
        retryable: true,
      });
  };
  const { downloads, http } = ports;
  return {
    ports: {
      ...ports,
      http: { get: (request) => online().then(() => http.get(request)) },
      ...(downloads === undefined
        ? {}
        : { downloads: { toFile: (request) => online().then(() => downloads.toFile(request)) } }),
    },
    setOffline: (next) => {
      isOffline = next;
    },
  };
}
