import { checkListening } from '../../src/cli/listening';

const PUSH = { audience: 'a', serviceAccounts: ['x@y.z'] };

test.each(['127.0.0.1', '127.1.2.3', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', 'localhost'])(
  'the bridge may listen on %s without verifying tokens',
  (host) => {
    expect(() => checkListening({ host })).not.toThrow();
  },
);

describe.each(['0.0.0.0', '::', '10.0.0.1', '::2', 'bridge.example', '127.evil.example'])(
  'on %s the bridge',
  (host) => {
    test('refuses to listen, and names the settings that allow it', () => {
      expect(() => checkListening({ host })).toThrow(
        new RegExp(`^Bridge.Host: found ${host}, .*Bridge.Push.*127.0.0.1.*--allow-unauthenticated$`),
      );
    });

    test.each([
      ['tokens are verified', { host, push: PUSH }, undefined],
      ['the configuration allows it', { host, allowUnauthenticated: true }, undefined],
      ['the command line allows it', { host }, true],
    ] as const)('listens when %s', (_why, settings, allowed) => {
      expect(() => checkListening(settings, allowed)).not.toThrow();
    });
  },
);
