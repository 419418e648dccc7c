import { RaisedError, ScriptError, SqlError } from '../errors';
import { parseScript } from '../syntax/parse';
import type { ScriptNode, StatementNode } from '../syntax/tree';
import { INT64 } from '../types';
import { usingKey } from './context';
import { literalOf } from './literals';
import { analyseQuery } from './queries';
import {
  evaluateCondition,
  evaluateLiteral,
  evaluateText,
  packedRows,
  type Run,
  runRows,
  runScalar,
} from './scriptQueries';
import { type ScriptOptions, ScriptState } from './scriptState';
import { declareVariables, setFromQuery, setVariables } from './scriptVariables';
import { analyseStatement, isPlain, type PlainNode } from './statements';
import { nullOf, type Value } from './values';

/** The statement that ended a list of statements early; undefined if the list ran to its end. */
type Leave = { readonly what: 'BREAK' | 'CONTINUE' | 'RETURN'; readonly label?: string } | undefined;

type Node<K extends StatementNode['kind']> = Extract<StatementNode, { kind: K }>;

const MOST_ROUNDS = 100_000;

/**
 * Runs the statements of a script. Translates each statement after the previous one has run, and yields it to the caller.
 *
 * @param text the text that contains the statements.
 */
export function* runScript(text: string, nodes: readonly ScriptNode[], options: ScriptOptions): Run<void> {
  yield* runStatements(new ScriptState(text, options), nodes);
}

function* runStatements(state: ScriptState, nodes: readonly ScriptNode[]): Run<Leave> {
  for (const node of nodes) {
    const leave = yield* runStatement(state, node);
    if (leave !== undefined) return leave;
  }
  return undefined;
}

/** Runs one statement, and adds the stack of running statements to its errors. */
function* runStatement(state: ScriptState, scriptNode: ScriptNode): Run<Leave> {
  const before = state.current;
  state.current = scriptNode;
  try {
    const text = state.text.slice(scriptNode.start, scriptNode.end);
    return yield* execute(state, scriptNode.node, text);
  } catch (error) {
    if (!state.options.several || error instanceof ScriptError || !(error instanceof SqlError)) throw error;
    throw new ScriptError(error, state.frames());
  } finally {
    state.current = before;
  }
}

function* execute(state: ScriptState, node: StatementNode, text: string): Run<Leave> {
  if (isPlain(node)) {
    yield* runPlain(state, node, text);
    return undefined;
  }
  switch (node.kind) {
    case 'declare':
      yield* declareVariables(state, node, text);
      return undefined;
    case 'set':
      yield* setVariables(state, node, text);
      return undefined;
    case 'setSystem':
      state.system.set(node.name, yield* evaluateText(state, node.value, text));
      return undefined;
    case 'if':
      return yield* runIf(state, node, text);
    case 'loop':
      return yield* runLoop(state, node, text);
    case 'for':
      return yield* runFor(state, node, text);
    case 'block':
      return yield* runBlock(state, node);
    case 'leave':
      return { what: node.what, label: node.label };
    case 'raise':
      if (node.message === undefined) throw state.system.error;
      throw new RaisedError((yield* evaluateText(state, node.message, text)) ?? 'NULL');
    case 'assert':
      if (!(yield* evaluateCondition(state, node.condition, text)))
        throw new SqlError('invalidQuery', node.message ?? 'Assertion failed');
      return undefined;
    case 'transaction':
      yield { ...state.statement(`${node.what}_TRANSACTION`, text), duckdb: node.what };
      return undefined;
    case 'createFunction':
      state.createFunction(node);
      return undefined;
    case 'immediate':
      yield* executeImmediate(state, node, text);
      return undefined;
    default:
      return undefined;
  }
}

/** Runs a statement outside of the procedural language. */
function* runPlain(state: ScriptState, node: PlainNode, text: string): Run<void> {
  // The script itself drops its temporary functions.
  if (
    node.kind === 'drop' &&
    node.what === 'FUNCTION' &&
    state.functions.delete(node.path.parts.join('.').toLowerCase())
  )
    return;
  if (node.kind === 'createTable' && node.temporary) state.withPosition(() => state.nameTemporaryTable(node));
  const { statement, check } = state.withPosition(() => analyseStatement(node, text, state.context()));
  if (check !== undefined && (yield* runScalar(state, check, state.context(), text)) === true)
    throw new SqlError('invalidQuery', 'UPDATE/MERGE must match at most one source row for each target row');
  state.system.ended(yield { ...statement, ...state.surroundings() });
  if (node.kind === 'drop' && node.path.parts.length === 1)
    state.temporary.delete(node.path.parts[0]?.toLowerCase() ?? '');
}

function* runIf(state: ScriptState, node: Node<'if'>, text: string): Run<Leave> {
  for (const branch of node.branches) {
    if (yield* evaluateCondition(state, branch.condition, text)) return yield* runStatements(state, branch.body);
  }
  return yield* runStatements(state, node.otherwise ?? []);
}

function* runLoop(state: ScriptState, node: Node<'loop'>, text: string): Run<Leave> {
  for (let round = 0; ; round += 1) {
    if (round > MOST_ROUNDS) throw new SqlError('invalidQuery', 'A loop of the script ran more than 100000 times');
    if (node.condition !== undefined && !(yield* evaluateCondition(state, node.condition, text))) return undefined;
    const leave = yield* runStatements(state, node.body);
    if (leavesLoop(leave, node.label)) return leave;
    if (leave?.what === 'BREAK') return undefined;
    if (node.until !== undefined && (yield* evaluateCondition(state, node.until, text))) return undefined;
  }
}

function* runFor(state: ScriptState, node: Node<'for'>, text: string): Run<Leave> {
  const context = state.context();
  const { sql, type } = state.withPosition(() => packedRows(analyseQuery(node.query, context)));
  const rows = yield* runRows(state, sql, context, text);
  const name = node.name.toLowerCase();
  const before = state.variables.get(name);
  for (const row of rows) {
    state.variables.set(name, literalOf(row, type));
    const leave = yield* runStatements(state, node.body);
    if (leavesLoop(leave, node.label)) return leave;
    if (leave?.what === 'BREAK') break;
  }
  if (before === undefined) state.variables.delete(name);
  else state.variables.set(name, before);
  return undefined;
}

/** Whether the statement ends more than this loop: RETURN, or BREAK or CONTINUE with the label of an outer one. */
function leavesLoop(leave: Leave, label: string | undefined): boolean {
  if (leave === undefined) return false;
  return leave.what === 'RETURN' || (leave.label !== undefined && leave.label !== label);
}

function* runBlock(state: ScriptState, node: Node<'block'>): Run<Leave> {
  const outer = state.variables;
  const handling = state.system.error;
  state.variables = new Map(outer);
  try {
    const leave = yield* runStatements(state, node.body);
    return leave?.what === 'BREAK' && leave.label !== undefined && leave.label === node.label ? undefined : leave;
  } catch (error) {
    if (node.handler === undefined || !isHandled(error)) throw error;
    state.system.error = error;
    return yield* runStatements(state, node.handler);
  } finally {
    state.system.error = handling;
    // Variables that the block declared end with it; new values of outer variables stay.
    for (const name of outer.keys()) outer.set(name, state.variables.get(name) ?? nullOf(INT64));
    state.variables = outer;
  }
}

/** Runs EXECUTE IMMEDIATE: the statements of a text, or a query INTO variables. */
function* executeImmediate(state: ScriptState, node: Node<'immediate'>, text: string): Run<void> {
  const sql = yield* evaluateText(state, node.sql, text);
  if (sql === null) throw new SqlError('invalidQuery', 'SQL created by EXECUTE IMMEDIATE cannot be NULL');
  const using = new Map<string, Value>();
  for (const [place, one] of node.using.entries()) {
    using.set(usingKey(one.name ?? place), yield* evaluateLiteral(state, one.value, text));
  }
  const inner = new ScriptState(sql, { ...state.options, parameters: [] }, { state, using });
  const { statements } = parseDynamic(sql, state.options.legacy);
  if (node.into.length === 0) {
    yield* runStatements(inner, statements);
    return;
  }
  const [only] = statements;
  if (only?.node.kind !== 'query') throw new SqlError('invalidQuery', 'EXECUTE IMMEDIATE ... INTO needs a query');
  yield* setFromQuery(state, inner, only.node.query, node.into, text);
}

function parseDynamic(sql: string, legacy: boolean): ReturnType<typeof parseScript> {
  try {
    return parseScript(sql, legacy);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    throw new SqlError(error.reason, `Invalid EXECUTE IMMEDIATE sql string \`${sql}\`, ${error.message}`);
  }
}

/** Whether an EXCEPTION handler may handle the error. Unsupported SQL always fails the script. */
function isHandled(error: unknown): error is ScriptError {
  return error instanceof ScriptError && !/supported by the local BigQuery/.test(error.message);
}
