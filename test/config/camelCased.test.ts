import { camelCased } from '../../src/config/camelCased';

test('documented names become properties at all levels, and lists stay', () => {
  const data = {
    ProjectID: 'p',
    BqJobInfoPath: '',
    Bridge: { Push: { KeysURL: 'k' } },
    URL: 'u',
    Hosts: [{ Name: 1 }],
  };
  const { projectId, bqJobInfoPath, bridge, url, hosts } = camelCased(data);
  expect({ projectId, bqJobInfoPath, bridge, url, hosts }).toEqual({
    projectId: 'p',
    bqJobInfoPath: '',
    bridge: { push: { keysUrl: 'k' } },
    url: 'u',
    hosts: [{ Name: 1 }],
  });
});
