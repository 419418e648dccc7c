import { requiredLiteral } from './requiredLiteral';
import { Trie } from './trie';
import type { Rule } from './types';
import { takes } from './when';

/** Rules that share prefix and suffix: those whose filter holds a sure literal by that, the others in a row. */
interface Bucket {
  readonly byLiteral: Trie<Rule[]>;
  readonly others: Rule[];
  literals: number;
}

/**
 * Finds the rules that match a path without trying them all: by prefix, then suffix, then a literal that the filter cannot
 * do without. What remains is tried in full. So the cost of an event follows the length of its path and the number of rules
 * that nearly match, not the number of rules.
 */
export class RuleIndex {
  private readonly byPrefix = new Trie<Trie<Bucket>>();

  /** Rules are found in the order in which they are given. */
  constructor(private readonly rules: readonly Rule[]) {
    this.order = new Map(rules.map((rule, place) => [rule, place]));
    for (const rule of rules) if (!rule.when.directory) this.add(rule);
  }

  private readonly order: ReadonlyMap<Rule, number>;

  /** All rules of which a cleaned path is data. */
  find(path: string): readonly Rule[] {
    const found = new Set<Rule>();
    for (const bySuffix of this.byPrefix.prefixesOf(path)) {
      for (const bucket of bySuffix.suffixesOf(path)) {
        for (const rule of candidates(bucket, path)) if (!found.has(rule) && takes(rule, path)) found.add(rule);
      }
    }
    return [...found].sort((left, right) => this.place(left) - this.place(right));
  }

  private place(rule: Rule): number {
    return this.order.get(rule) ?? this.rules.length;
  }

  private add(rule: Rule): void {
    const { prefix, suffix, filter } = rule.when;
    const literal = filter === undefined ? undefined : requiredLiteral(filter);
    const start = literal?.anchored && literal.text.length > prefix.length ? literal.text : prefix;
    const bucket = this.byPrefix.at(start, () => new Trie()).at(backwards(suffix), newBucket);
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

/** By UTF-16 unit, as the trie walks. */
function backwards(text: string): string {
  return text.split('').reverse().join('');
}
