import { TestApp } from './testApp';

/**
 * Starts one app before the tests of a file, and stops it after them.
 *
 * @param start how; default: on the services that all flow tests share.
 * @returns the app; callable in tests and in later `beforeAll` hooks.
 * @example
 * const app = useApp();
 * test('…', async () => { await app().upload('a.json', rows); });
 */
export function useApp(start: () => Promise<TestApp> = () => TestApp.start()): () => TestApp {
  let app: TestApp | undefined;
  beforeAll(async () => {
    app = await start();
  });
  afterAll(() => app?.stop());
  return () => {
    if (app) return app;
    throw new Error('useApp: the app has not started yet; call this in a test or in a later beforeAll');
  };
}
