import { checkListening } from '../../src/cli/listening';

const PUSH = { audience: 'a', serviceAccounts: ['x@y.z'] };

test.each(['127.0.0.1', '127.1.2.3', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', 'localhost'])(
  'on %s the bridge listens without tokens',
  (host) => {
    expect(() => checkListening({ host })).not.toThrow();
  },
);

describe.each(['0.0.0.0', '::', '10.0.0.1', '::2', 'bridge.example', '127.evil.example'])('on %s', (host) => {
  test('it refuses, and tells the ways out', () => {
    expect(() => checkListening({ host })).toThrow(
      new RegExp(`^Bridge.Host: found ${host}, .*Bridge.Push.*127.0.0.1.*--allow-unauthenticated$`),
    );
  });

  test.each([
    ['tokens are verified', { host, push: PUSH }, undefined],
    ['the configuration says so', { host, allowUnauthenticated: true }, undefined],
    ['the command line says so', { host }, true],
  ] as const)('it listens when %s', (_why, settings, allowed) => {
    expect(() => checkListening(settings, allowed)).not.toThrow();
  });
});
