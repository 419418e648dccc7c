import { HostPolicy } from '../../../src/activities/outbound/hostPolicy';

const PUBLIC = '93.184.215.14';

test.each([
  [undefined, 'example.com', PUBLIC, true],
  [undefined, 'example.com', '2606:2800:21f:cb07:6820:80da:af6b:8b2c', true],
  [undefined, 'localhost', '127.0.0.1', false],
  [undefined, '[::1]', '[::1]', false],
  [undefined, 'metadata.google.internal', '169.254.169.254', false],
  [undefined, 'intranet', '10.1.2.3', false],
  [undefined, 'intranet', '172.16.0.1', false],
  [undefined, 'intranet', '192.168.1.1', false],
  [undefined, 'cgnat', '100.64.0.1', false],
  [undefined, 'zero', '0.0.0.0', false],
  [undefined, 'mapped', '::ffff:10.1.2.3', false],
  [undefined, 'local6', 'fe80::1', false],
  [undefined, 'unique6', 'fd00::1', false],
  [undefined, 'nat64', '64:ff9b::a9fe:a9fe', false],
  [[], 'example.com', PUBLIC, false],
  [['example.com'], 'example.com', PUBLIC, true],
  [['Example.com'], 'EXAMPLE.com', PUBLIC, true],
  [['example.com'], 'api.example.com', PUBLIC, false],
  [['*.example.com'], 'api.example.com', PUBLIC, true],
  [['*.example.com'], 'evilexample.com', PUBLIC, false],
  [['*'], 'example.com', PUBLIC, true],
  [['*'], 'localhost', '127.0.0.1', false],
  [['*', 'localhost'], 'localhost', '127.0.0.1', true],
  [['*', '127.0.0.1'], 'localhost', '127.0.0.1', true],
  [['10.0.0.0/8'], 'intranet', '10.1.2.3', true],
  [['10.0.0.0/8'], 'mapped', '::ffff:10.1.2.3', true],
  [['10.0.0.0/8'], 'intranet', '192.168.1.1', false],
  [['::1'], '::1', '::1', true],
])('with the list %j, %s at %s may be called: %s', (hosts, host, address, allowed) => {
  const refusal = new HostPolicy(hosts).refusal(host, address);
  expect(refusal === undefined).toBe(allowed);
  if (!allowed) expect(refusal).toContain(host);
});
