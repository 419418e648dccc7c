import XMLBuilder from 'fast-xml-builder';
import type { CaseResult } from './runCase';

/** Writes results as JUnit XML, for CI systems. */
export function junit(results: readonly CaseResult[]): string {
  const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', format: true });
  const failed = results.filter(({ passed }) => !passed).length;
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
  const totals = { '@tests': results.length, '@failures': failed, '@time': seconds.toFixed(3) };
  return builder.build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: {
      ...totals,
      testsuite: { '@name': 'bqtail', ...totals, testcase: results.map(testcase) },
    },
  });
}

function testcase({ label, description, passed, seconds, reasons }: CaseResult): object {
  const [message = ''] = reasons;
  return {
    '@name': description === '' ? label : `${label}: ${description}`,
    '@classname': `bqtail.${label}`,
    '@time': seconds.toFixed(3),
    ...(passed ? {} : { failure: { '@message': message, '#text': reasons.join('\n') } }),
  };
}
