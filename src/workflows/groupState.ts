import type { FileEvent } from '../windows/fileEvent';
import type { Stage, WindowStatus } from './contract';
import type { GroupResult, WindowGroupInput } from './groupContract';
import { GroupMembers } from './groupMembers';
import { OperatorRequests } from './operatorRequests';
import { ProcessState } from './processState';
import type { RunState } from './runContext';

/** State of a group: its windows, the requests of operators, and the actions so far. No calls, no timers. */
export class GroupState implements RunState {
  readonly requests = new OperatorRequests();
  readonly members: GroupMembers;
  stage: Stage = 'gathering';
  private readonly processes: ProcessState[] = [];

  constructor(readonly input: WindowGroupInput) {
    this.members = new GroupMembers(input.carried);
  }

  /** When the group may act without a flush, Unix milliseconds. */
  get endMs(): number {
    return ((this.input.group.end ?? 0) + this.input.settleInSec) * 1000;
  }

  /** Whether an operator has ended the waiting. */
  get actNow(): boolean {
    return this.requests.flushed || this.isAbandoned;
  }

  get isAbandoned(): boolean {
    return this.requests.abandoned !== undefined;
  }

  /** Whether a window may still join. */
  get isOpen(): boolean {
    return this.stage === 'gathering';
  }

  /** Whether the actions are to run. */
  isComplete(nowMs: number): boolean {
    return this.actNow || (this.members.complete && nowMs >= this.endMs);
  }

  /** IDs of the rules whose actions are to run. */
  get rules(): readonly string[] {
    return this.isAbandoned ? [] : this.members.rules;
  }

  /** Adds the actions of a rule to the status. */
  addProcess(ruleId: string): ProcessState {
    const process = new ProcessState({ ruleId, eventId: this.input.owner.eventId }, 'acting');
    this.processes.push(process);
    return process;
  }

  /** IDs, as planned, of the jobs that have ended. */
  get jobIds(): readonly string[] {
    return this.processes.flatMap(({ endedJobIds }) => endedJobIds);
  }

  result(): GroupResult {
    const { input, members, jobIds } = this;
    const { open, failed, ended } = members.counts;
    return { dest: input.dest, groupId: input.groupId, windows: open + failed + ended, files: members.files, jobIds };
  }

  status(): WindowStatus {
    const { input, members } = this;
    const held = this.isOpen ? members.heldBy : [];
    return {
      stage: held.length > 0 ? 'parked' : this.stage,
      lastError: held.length > 0 ? `waits for windows that failed: ${held.join(', ')}` : undefined,
      dest: input.dest,
      due: input.group.end,
      announced: members.files,
      windows: members.counts,
      processes: this.processes.filter(({ hasJobs }) => hasJobs).map((process) => process.status()),
    };
  }

  /** A group has no files of its own. */
  page(): FileEvent[] {
    return [];
  }
}
