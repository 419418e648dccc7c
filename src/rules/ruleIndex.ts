import { requiredLiteral } from './requiredLiteral';
import { Trie } from './trie';
import type { Rule } from './types';
import { takes } from './when';

/** Rules with the same prefix and suffix: by the required literal of their filter, or in `others` without one. */
interface Bucket {
  readonly byLiteral: Trie<Rule[]>;
  readonly others: Rule[];
  literals: number;
}

/**
 * Finds the rules that match a path without trying all of them: by prefix, then suffix, then a literal that every match of the
 * filter contains. Only the remaining rules are tried in full. So the cost of an event depends on the length of its path and on
 * the number of rules that almost match, not on the number of all rules.
 */
export class RuleIndex {
  private readonly byPrefix = new Trie<Trie<Bucket>>();

  /** @param rules in the order in which `find` returns them. */
  constructor(private readonly rules: readonly Rule[]) {
    this.order = new Map(rules.map((rule, position) => [rule, position]));
    for (const rule of rules) if (!rule.when.directory) this.add(rule);
  }

  private readonly order: ReadonlyMap<Rule, number>;

  /** All rules that take the file of a cleaned path as data. */
  find(path: string): readonly Rule[] {
    const matching = new Set<Rule>();
    for (const bySuffix of this.byPrefix.prefixesOf(path)) {
      for (const bucket of bySuffix.suffixesOf(path)) {
        for (const rule of candidates(bucket, path)) if (!matching.has(rule) && takes(rule, path)) matching.add(rule);
      }
    }
    return [...matching].sort((left, right) => this.orderOf(left) - this.orderOf(right));
  }

  private orderOf(rule: Rule): number {
    return this.order.get(rule) ?? this.rules.length;
  }

  private add(rule: Rule): void {
    const { prefix, suffix, filter } = rule.when;
    const literal = filter === undefined ? undefined : requiredLiteral(filter);
    const start = literal?.anchored && literal.text.length > prefix.length ? literal.text : prefix;
    const bucket = this.byPrefix.at(start, () => new Trie()).at(reversed(suffix), newBucket);
    if (literal === undefined || literal.anchored) bucket.others.push(rule);
    else {
      bucket.byLiteral.at(literal.text, () => []).push(rule);
      bucket.literals += 1;
    }
  }
}

function* candidates(bucket: Bucket, path: string): Iterable<Rule> {
  yield* bucket.others;
  if (bucket.literals === 0) return;
  for (let start = 0; start < path.length; start += 1) {
    for (const rules of bucket.byLiteral.prefixesOf(path, start)) yield* rules;
  }
}

function newBucket(): Bucket {
  return { byLiteral: new Trie(), others: [], literals: 0 };
}

/** Reverses UTF-16 units, which the trie walks. */
function reversed(text: string): string {
  return text.split('').reverse().join('');
}
