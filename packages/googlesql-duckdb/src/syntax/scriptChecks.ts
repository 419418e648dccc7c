import { PositionedError } from '../errors';
import type { ScriptNode } from './tree';

/** The surroundings of a list of statements. */
interface Surroundings {
  /** Names of the declared variables, in lower case. */
  readonly declared: ReadonlySet<string>;
  /** Whether the list may start with declarations. */
  readonly block: boolean;
  readonly loop: boolean;
  readonly handler: boolean;
}

/** Checks rules about a whole script before its first statement runs, e.g. the placement of DECLARE and BREAK. */
export function checkScript(nodes: readonly ScriptNode[]): void {
  check(nodes, { declared: new Set(), block: true, loop: false, handler: false });
}

function check(nodes: readonly ScriptNode[], outer: Surroundings): void {
  const declared = new Set(outer.declared);
  const inner = { ...outer, declared, block: false };
  let canDeclare = outer.block;
  for (const { node } of nodes) {
    if (node.kind !== 'declare') canDeclare = false;
    switch (node.kind) {
      case 'declare':
        if (!canDeclare) fail('Variable declarations are allowed only at the start of a block or script', node.at);
        for (const { name, at } of node.names) {
          if (declared.has(name.toLowerCase())) fail(`Variable '${name}' redeclaration`, at);
          declared.add(name.toLowerCase());
        }
        break;
      case 'if':
        for (const branch of node.branches) check(branch.body, inner);
        check(node.otherwise ?? [], inner);
        break;
      case 'loop':
      case 'for':
        check(node.body, { ...inner, loop: true });
        break;
      case 'block':
        check(node.body, { ...inner, block: true });
        check(node.handler ?? [], { ...inner, handler: true });
        break;
      case 'leave':
        if (node.what !== 'RETURN' && node.label === undefined && !outer.loop)
          fail(`${node.what} is only allowed inside of a loop body`, node.at);
        break;
      case 'raise':
        if (node.message === undefined && !outer.handler)
          fail('Cannot re-raise an existing exception outside of an exception handler', node.at);
        break;
      default:
    }
  }
}

function fail(message: string, at: number): never {
  throw new PositionedError(message, at);
}
