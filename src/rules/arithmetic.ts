/**
 * Value of a formula with `+ - * / ^ % ( )`, numbers and names of numbers, as inside `${Date + 1}`; undefined when the text is
 * not a formula or a name has no numeric value. Integers are computed exactly, because event IDs exceed 2^53.
 *
 * @example calculate('Date + 1', (name) => (name === 'Date' ? '20231114' : undefined)) // '20231115'
 */
export function calculate(formula: string, numberOf: (name: string) => string | undefined): string | undefined {
  if (formula.length > MAX_LENGTH) return undefined;
  const tokens = formula.match(/\d+(?:\.\d+)?|[A-Za-z_][\w.[\]]*|[-+*/%^()]|\S/g) ?? [];
  const reader = new FormulaReader(tokens, numberOf);
  const value = reader.sum();
  return reader.done() && value !== undefined ? format(value) : undefined;
}

const MAX_LENGTH = 500;
const MAX_EXPONENT = 64n;

type Quantity = bigint | number;

class FormulaReader {
  private at = 0;

  constructor(
    private readonly tokens: readonly string[],
    private readonly numberOf: (name: string) => string | undefined,
  ) {}

  done(): boolean {
    return this.at === this.tokens.length;
  }

  sum(): Quantity | undefined {
    return this.chain(['+', '-'], () => this.product());
  }

  private product(): Quantity | undefined {
    return this.chain(['*', '/', '%'], () => this.power());
  }

  private power(): Quantity | undefined {
    const base = this.operand();
    return this.skip('^') ? apply('^', base, this.power()) : base;
  }

  private chain(operators: readonly string[], next: () => Quantity | undefined): Quantity | undefined {
    let value = next();
    let operator = operators.find((candidate) => this.skip(candidate));
    while (operator !== undefined) {
      value = apply(operator, value, next());
      operator = operators.find((candidate) => this.skip(candidate));
    }
    return value;
  }

  private operand(): Quantity | undefined {
    if (this.skip('-')) return apply('-', 0n, this.operand());
    if (this.skip('(')) {
      const value = this.sum();
      return this.skip(')') ? value : undefined;
    }
    const token = this.tokens[this.at];
    this.at += 1;
    if (token === undefined) return undefined;
    return quantity(/^\d/.test(token) ? token : (this.numberOf(token) ?? ''));
  }

  private skip(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at += 1;
    return true;
  }
}

function quantity(text: string): Quantity | undefined {
  if (/^-?\d+$/.test(text)) return BigInt(text);
  return /^-?\d+\.\d+$/.test(text) ? Number(text) : undefined;
}

function apply(operator: string, left: Quantity | undefined, right: Quantity | undefined): Quantity | undefined {
  if (left === undefined || right === undefined) return undefined;
  const whole = typeof left === 'bigint' && typeof right === 'bigint' ? wholeResult(operator, left, right) : undefined;
  return whole ?? realResult(operator, Number(left), Number(right));
}

/** Undefined when the result is not an integer, or the exponent is too large. */
function wholeResult(operator: string, left: bigint, right: bigint): bigint | undefined {
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  if (operator === '*') return left * right;
  if (operator === '^') return right >= 0n && right <= MAX_EXPONENT ? left ** right : undefined;
  if (right === 0n) return undefined;
  if (operator === '%') return left % right;
  return left % right === 0n ? left / right : undefined;
}

function realResult(operator: string, left: number, right: number): number {
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  if (operator === '*') return left * right;
  if (operator === '/') return left / right;
  return operator === '%' ? left % right : left ** right;
}

function format(value: Quantity): string | undefined {
  if (typeof value === 'bigint') return value.toString();
  return Number.isFinite(value) ? String(value) : undefined;
}
