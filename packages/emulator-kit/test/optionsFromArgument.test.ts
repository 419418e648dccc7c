import { z } from 'zod';
import { optionsFromArgument } from '../src/optionsFromArgument';

const schema = z.strictObject({ port: z.int().default(0), dataDir: z.string() });

test('options are read from JSON, with defaults', () => {
  expect(optionsFromArgument(schema, '{"dataDir":"/data"}')).toEqual({ port: 0, dataDir: '/data' });
});

test('every invalid option is named', () => {
  expect(() => optionsFromArgument(schema, '{"port":"x","color":1}')).toThrow(
    'port: found "x"; allowed is a number; dataDir: is missing; allowed is a text; color: no such field',
  );
});
