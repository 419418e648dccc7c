import type { Logger } from 'pino';
import type { RuleProblem } from '../rules/errorCodes';
import type { RuleReport } from '../rules/ruleStore';

/** Logs which rule files were loaded, and the problems of others. */
export function reportRules(log: Logger): RuleReport {
  const facts = ({ code, url, path }: RuleProblem) => ({ code, url, path });
  const place = ({ url, line }: RuleProblem) => (line === undefined ? url : `${url}:${line}`);
  return {
    loaded: (url, rules) => log.info({ url, rules }, `${url}: ${rules} rule${rules === 1 ? '' : 's'} loaded`),
    refused: (problem) =>
      log.error(facts(problem), `${place(problem)}: ${problem.message}; the last valid version, if any, stays in use`),
    warned: (warning) => log.warn(facts(warning), `${place(warning)}: ${warning.message}`),
  };
}
