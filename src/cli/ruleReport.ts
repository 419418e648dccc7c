import type { Logger } from 'pino';
import type { RuleProblem } from '../rules/errorCodes';
import type { RuleReport } from '../rules/ruleStore';

/** Tells in the log which rules serve, and what keeps others from it. */
export function reportRules(log: Logger): RuleReport {
  const facts = ({ code, url, path }: RuleProblem) => ({ code, url, path });
  const place = ({ url, line }: RuleProblem) => (line === undefined ? url : `${url}:${line}`);
  return {
    loaded: (url, rules) => log.info({ url, rules }, `${url}: ${rules} rule${rules === 1 ? '' : 's'} loaded`),
    refused: (problem) =>
      log.error(
        facts(problem),
        `${place(problem)}: ${problem.message}; the last good version, if any, goes on serving`,
      ),
    warned: (warning) => log.warn(facts(warning), `${place(warning)}: ${warning.message}`),
  };
}
