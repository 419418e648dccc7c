import { ConfigError } from '../../src/config/config';
import { withConnectError } from '../../src/config/temporal';

test('a failed connection is reported with its address and the first line of the reason', async () => {
  const connecting = withConnectError('localhost:1', () => Promise.reject(new Error('refused\nsecond line')));
  await expect(connecting).rejects.toThrow(
    new ConfigError('Temporal cannot be reached at localhost:1: refused; set TEMPORAL_ADDRESS or a profile'),
  );
  await expect(connecting).rejects.toBeInstanceOf(ConfigError);
});

test('a connection that succeeds is returned', async () => {
  await expect(withConnectError('localhost:1', () => Promise.resolve('connection'))).resolves.toBe('connection');
});
